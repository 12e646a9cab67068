using System.Text;
using System.Text.Json;
using XVideo.Tokenizers.Unigram;

namespace XVideo.Tokenizers.HuggingFace;

/// <summary>Makes a tokenizer of a Hugging Face tokenizer.json that holds a unigram model.</summary>
internal static class TokenizerJsonLoader
{
    public static Tokenizer Load(string path, TokenizerConfig config)
    {
        return TokenizerFiles.ReadJson(path, root => Load(new JsonPart(root, "", path), config));
    }

    private static Tokenizer Load(JsonPart root, TokenizerConfig config)
    {
        var path = root.File;
        var model = root["model"];
        if (model.Value.ValueKind != JsonValueKind.Object)
        {
            throw model.Expected("an object");
        }

        // Files written by old versions of the library leave the type out; only Unigram has a list as its vocabulary.
        if (!model["type"].IsNull && model.TypeName() != "Unigram")
        {
            throw model.Unsupported("Unigram");
        }

        RefuseTruncationAndPadding(root);
        var byteFallback = model["byte_fallback"].Flag(false);
        var pieces = new PieceTable();
        var trie = ReadVocabulary(model, pieces, byteFallback);
        var unknownId = model["unk_id"].Id();
        if (unknownId >= pieces.Count)
        {
            throw model["unk_id"].Expected($"below the number of pieces, {pieces.Count}");
        }

        var smallest = Enumerable.Range(0, pieces.Count).Min(pieces.Score);
        var addedTokens = ReadAddedTokens(root, pieces, trie);
        pieces.SetKind(unknownId, PieceKind.Unknown);

        var template = EndTemplate.Read(root["post_processor"]);
        var outside = template.Prefix.Concat(template.Suffix).FirstOrDefault(id => id >= pieces.Count, -1);
        if (outside >= 0)
        {
            throw new TokenizerException(path, $"\"post_processor\" adds the id {outside}; the vocabulary has the ids 0 to {pieces.Count - 1}.");
        }

        var ids = new SpecialIds(Find(trie, config.PadToken, "padding", path), Find(trie, config.EosToken, "end mark", path), unknownId);
        if (template.Suffix[^1] != ids.Eos)
        {
            throw new TokenizerException(
                path, $"\"post_processor\" ends a text with the id {template.Suffix[^1]}; it must be the end mark {config.EosToken}, id {ids.Eos}.");
        }

        var preparer = new JsonTextPreparer(addedTokens, TextNormalizer.Read(root["normalizer"]), WordSplitter.Read(root["pre_tokenizer"]));
        var unigram = new UnigramModel(
            pieces, trie.Vocabulary, unknownId, smallest - UnigramModel.UnknownPenalty, byteFallback, singlePrecision: false);
        return new UnigramTokenizer(pieces, preparer, unigram, ids, template.Prefix, template.Suffix, config.ModelMaxLength);
    }

    /// <summary>The pipeline decides about lengths; a file that also does would silently fight with it.</summary>
    private static void RefuseTruncationAndPadding(JsonPart root)
    {
        foreach (var name in new[] { "truncation", "padding" })
        {
            if (!root[name].IsNull)
            {
                throw root[name].Expected("null: the pipeline cuts and pads by model_max_length");
            }
        }
    }

    /// <summary>In this format every entry can match text, special and byte pieces included, as in the reference.</summary>
    private static Tries ReadVocabulary(JsonPart model, PieceTable pieces, bool byteFallback)
    {
        var vocabulary = model["vocab"];
        if (vocabulary.Value.ValueKind != JsonValueKind.Array || vocabulary.Value.GetArrayLength() == 0)
        {
            throw vocabulary.Expected("a list of at least one [piece, score]");
        }

        var trie = new ByteTrie(vocabulary.Value.GetArrayLength());
        var id = 0;
        foreach (var entry in vocabulary.Value.EnumerateArray())
        {
            var part = new JsonPart(entry, $"model.vocab[{id}]", model.File);
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2)
            {
                throw part.Expected("a list [piece, score]");
            }

            var text = new JsonPart(entry[0], part.Path + "[0]", model.File).Text();
            var score = new JsonPart(entry[1], part.Path + "[1]", model.File).Number();
            var utf8 = Encoding.UTF8.GetBytes(text);
            var isByte = byteFallback && PieceTable.TryParseByte(utf8, out _);
            if (utf8.Length == 0 || !trie.TryAdd(utf8, id))
            {
                throw part.Expected("a piece that is not empty and not listed before");
            }

            pieces.Add(utf8, score, isByte ? PieceKind.Byte : PieceKind.Normal);
            id++;
        }

        return new Tries(trie, new ByteTrie(256));
    }

    private static List<AddedToken> ReadAddedTokens(JsonPart root, PieceTable pieces, Tries tries)
    {
        var tokens = root["added_tokens"].IsNull ? [] : root["added_tokens"].Items().Select(AddedToken.Read).OrderBy(token => token.Id).ToList();
        foreach (var token in tokens)
        {
            var utf8 = Encoding.UTF8.GetBytes(token.Content);
            var known = tries.Find(utf8);
            var expected = known >= 0 ? known : pieces.Count;
            if (token.Id != expected)
            {
                var rule = known >= 0 ? "the vocabulary gives it" : "the next free one is";
                throw new TokenizerException(
                    root.File, $"the added token \"{TokenizerFiles.Shorten(token.Content)}\" has the id {token.Id}; {rule} {expected}.");
            }

            var kind = token.IsSpecial ? PieceKind.Control : PieceKind.UserDefined;
            if (known >= 0)
            {
                pieces.SetKind(known, kind);
            }
            else
            {
                pieces.Add(utf8, 0, kind);
                tries.Added.TryAdd(utf8, token.Id);
            }
        }

        return tokens;
    }

    private static int Find(Tries tries, string token, string purpose, string path)
    {
        var id = tries.Find(Encoding.UTF8.GetBytes(token));
        return id >= 0
            ? id
            : throw new TokenizerException(
                path,
                $"the vocabulary has no \"{TokenizerFiles.Shorten(token)}\" ({purpose}). Set pad_token and eos_token in {TokenizerConfig.FileName}.");
    }

    /// <summary>Pieces the model may match, and added tokens outside its vocabulary.</summary>
    private readonly record struct Tries(ByteTrie Vocabulary, ByteTrie Added)
    {
        public int Find(ReadOnlySpan<byte> text)
        {
            var id = Vocabulary.Find(text);
            return id >= 0 ? id : Added.Find(text);
        }
    }
}
