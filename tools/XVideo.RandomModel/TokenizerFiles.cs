using XVideo.Tokenizers;
using XVideo.Torch.Safetensors;

namespace XVideo.RandomModel;

/// <summary>The tokenizer of a random model: a small one of its own, or a copy.</summary>
internal static class TokenizerFiles
{
    // Every word of these sentences becomes one piece; other words are spelled letter by letter.
    private static readonly string[] Captions =
    [
        "a red ball bounces on green grass", "two yellow stars move to the left over a dark blue background",
        "a white square turns slowly clockwise on a wooden floor", "the quick brown fox jumps over the lazy dog",
    ];

    /// <summary>Writes a small tokenizer.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="maxLength">Tokens of a prompt.</param>
    public static void WriteTokenizer(string folder, int maxLength) =>
        UnigramVocabulary.Build(Captions).Write(Path.Combine(folder, "tokenizer"), maxLength);

    /// <summary>Copies the tokenizer of another model.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="from">A tokenizer folder.</param>
    public static void CopyTokenizer(string folder, string from)
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "tokenizer")).FullName;
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    /// <summary>Opens a written or foreign tokenizer folder and makes sure that the text encoder has a row for each of its tokens.</summary>
    /// <exception cref="InvalidOptionsException">It is no tokenizer, or has more tokens than the text encoder.</exception>
    public static void CheckTokenizer(string folder, int vocabularySize)
    {
        Tokenizer tokenizer;
        try
        {
            tokenizer = Tokenizer.Load(folder);
        }
        catch (Exception error) when (error is TokenizerException or ModelFileException or IOException)
        {
            throw new InvalidOptionsException([$"--tokenizer-from {folder} is not a usable tokenizer: {error.Message}"]);
        }
        if (tokenizer.VocabularySize > vocabularySize)
            throw new InvalidOptionsException(
                [$"The tokenizer has {tokenizer.VocabularySize} tokens and the text encoder only {vocabularySize}. Set --vocabulary to at least {tokenizer.VocabularySize}, or choose a smaller tokenizer."]);
    }
}
