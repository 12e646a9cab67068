using XVideo.Tokenizers.HuggingFace;
using XVideo.Tokenizers.SentencePiece;

namespace XVideo.Tokenizers;

/// <summary>
/// Turns a prompt into the token ids a text encoder was trained on. Immutable after loading and safe to share between threads.
/// </summary>
public abstract class Tokenizer
{
    /// <summary>The SentencePiece model's file name inside a tokenizer folder.</summary>
    public const string SentencePieceFileName = "spiece.model";

    /// <summary>The Hugging Face tokenizer's file name inside a tokenizer folder.</summary>
    public const string TokenizerJsonFileName = "tokenizer.json";

    /// <summary>Number of ids; every id that <see cref="Encode"/> returns is at least 0 and below it.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The id that fills a sequence up to the encoder's length.</summary>
    public abstract int PadId { get; }

    /// <summary>The id of the end mark, which ends every encoded text.</summary>
    public abstract int EosId { get; }

    /// <summary>The id that stands for text the vocabulary cannot express.</summary>
    public abstract int UnkId { get; }

    /// <summary>
    /// <c>model_max_length</c> of tokenizer_config.json in tokens, or <see langword="null"/> when the file or the entry is missing
    /// or holds the "no limit" placeholder (1e30). <see cref="Encode"/> never truncates: that is the pipeline's decision.
    /// </summary>
    public abstract int? ModelMaxLength { get; }

    /// <summary>Loads the tokenizer of a model folder in the diffusers layout.</summary>
    /// <param name="tokenizerFolder">
    /// Folder with <c>spiece.model</c> and/or <c>tokenizer.json</c>, and optionally <c>tokenizer_config.json</c>. With both present
    /// <c>spiece.model</c> wins: it is what the text encoder was trained with, the other was converted from it (and is a stub in some folders).
    /// </param>
    /// <exception cref="TokenizerException">A file is missing, damaged or asks for an unsupported feature.</exception>
    public static Tokenizer Load(string tokenizerFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(tokenizerFolder);
        if (!Directory.Exists(tokenizerFolder))
        {
            throw new TokenizerException(
                tokenizerFolder,
                "the tokenizer folder does not exist. Check the model folder, or download the model again.");
        }

        var config = TokenizerConfig.Load(tokenizerFolder);
        var sentencePiece = Path.Combine(tokenizerFolder, SentencePieceFileName);
        if (File.Exists(sentencePiece))
        {
            return SentencePieceLoader.Load(sentencePiece, config);
        }

        var json = Path.Combine(tokenizerFolder, TokenizerJsonFileName);
        if (File.Exists(json))
        {
            return TokenizerJsonLoader.Load(json, config);
        }

        throw new TokenizerException(
            tokenizerFolder,
            $"the folder holds neither {SentencePieceFileName} nor {TokenizerJsonFileName}. One of them is needed; download the model again.");
    }

    /// <summary>The text as the vocabulary sees it: after Unicode normalisation, case and white space rules, with ordinary spaces.</summary>
    public abstract string Normalize(string text);

    /// <summary>The ids of a text, with the end mark last. Any string is accepted; lone surrogates become U+FFFD.</summary>
    public abstract int[] Encode(string text);

    /// <summary>The vocabulary entry of each id, in order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or not below <see cref="VocabularySize"/>.</exception>
    public abstract IReadOnlyList<string> Pieces(int[] ids);

    /// <summary>The text of some ids; control entries (padding, end mark) vanish, unknown ones become " ⁇ ".</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or not below <see cref="VocabularySize"/>.</exception>
    public abstract string Decode(int[] ids);

    /// <summary>
    /// The words of the text, as typed and each once, that can be expressed only by the unknown entry, by bytes or by single characters:
    /// the model has never seen them as words. Words are separated by white space and punctuation. One-character words and ideographs
    /// count as known when the vocabulary has the character.
    /// </summary>
    public abstract IReadOnlyList<string> UnknownWords(string text);
}
