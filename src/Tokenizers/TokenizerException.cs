namespace XVideo.Tokenizers;

/// <summary>A tokenizer file is missing, damaged, or asks for something this project does not implement.</summary>
public sealed class TokenizerException : Exception
{
    /// <param name="file">Path of the file or folder the problem is in; starts the message.</param>
    /// <param name="problem">What is wrong, what was found, what is allowed.</param>
    /// <param name="inner">The exception that revealed it, if any.</param>
    public TokenizerException(string file, string problem, Exception? inner = null)
        : base($"{file}: {problem}", inner)
    {
        File = file;
    }

    /// <summary>Path of the file or folder the problem is in.</summary>
    public string File { get; }
}
