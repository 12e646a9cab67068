using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace XVideo.Tokenizers.HuggingFace;

/// <summary>
/// Writes a vocabulary of our own as tokenizer.json and tokenizer_config.json, readable by this project and by the Hugging Face libraries.
/// </summary>
internal static class TokenizerJsonWriter
{
    private const string Mark = "\u2581";

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// How a text falls into words: white space of any sort separates them, punctuation marks are words of their own, and each word starts
    /// with the space mark. So "red", "red," and "dark-red" all hold the piece "▁red".
    /// </summary>
    public static JsonObject WordRules() => Sequence(
        "pretokenizers",
        new JsonObject { ["type"] = "WhitespaceSplit" },
        new JsonObject { ["type"] = "Punctuation", ["behavior"] = "Isolated" },
        Metaspace());

    public static void Write(UnigramVocabulary vocabulary, string folder, int modelMaxLength)
    {
        Directory.CreateDirectory(folder);
        WriteFile(Path.Combine(folder, Tokenizer.TokenizerJsonFileName), Describe(vocabulary));
        WriteFile(Path.Combine(folder, TokenizerConfig.FileName), new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["model_max_length"] = modelMaxLength,
            ["pad_token"] = UnigramVocabulary.PadToken,
            ["eos_token"] = UnigramVocabulary.EosToken,
            ["unk_token"] = UnigramVocabulary.UnkToken,
        });
    }

    private static JsonObject Describe(UnigramVocabulary vocabulary) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray(AddedToken(0), AddedToken(1), AddedToken(2)),
        ["normalizer"] = Sequence("normalizers", new JsonObject { ["type"] = "NFKC" }, new JsonObject { ["type"] = "Lowercase" }),
        ["pre_tokenizer"] = WordRules(),
        ["post_processor"] = new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(TextOf("A"), End()),
            ["pair"] = new JsonArray(TextOf("A"), End(), TextOf("B"), End()),
            ["special_tokens"] = new JsonObject
            {
                [UnigramVocabulary.EosToken] = new JsonObject
                {
                    ["id"] = UnigramVocabulary.EosToken,
                    ["ids"] = new JsonArray(1),
                    ["tokens"] = new JsonArray(UnigramVocabulary.EosToken),
                },
            },
        },
        ["decoder"] = Sequence("decoders", new JsonObject { ["type"] = "ByteFallback" }, Metaspace()),
        ["model"] = new JsonObject
        {
            ["type"] = "Unigram",
            ["unk_id"] = 2,
            ["vocab"] = new JsonArray([.. vocabulary.Pieces.Select(piece => new JsonArray(piece.Text, piece.Score))]),
            ["byte_fallback"] = true,
        },
    };

    private static JsonObject AddedToken(int id) => new()
    {
        ["id"] = id,
        ["content"] = new[] { UnigramVocabulary.PadToken, UnigramVocabulary.EosToken, UnigramVocabulary.UnkToken }[id],
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private static JsonObject Sequence(string name, params JsonNode[] parts) => new() { ["type"] = "Sequence", [name] = new JsonArray(parts) };

    private static JsonObject Metaspace() => new()
    {
        ["type"] = "Metaspace",
        ["replacement"] = Mark,
        ["prepend_scheme"] = "always",
        ["split"] = true,
    };

    private static JsonObject TextOf(string id) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = 0 } };

    private static JsonObject End() => new() { ["SpecialToken"] = new JsonObject { ["id"] = UnigramVocabulary.EosToken, ["type_id"] = 0 } };

    private static void WriteFile(string path, JsonObject content) => File.WriteAllText(path, content.ToJsonString(Format) + "\n");
}
