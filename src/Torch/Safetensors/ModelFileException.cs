namespace XVideo.Torch.Safetensors;

/// <summary>A model file or folder cannot be used, or could not be written; carries every problem found, not only the first.</summary>
public sealed class ModelFileException : Exception
{
    /// <summary>Describes a single problem.</summary>
    public ModelFileException(string path, string problem, Exception? innerException = null)
        : this(path, [problem], innerException)
    {
    }

    /// <summary>Describes all problems of one file or folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="problems">At least one; each a sentence of its own: what was wrong, what we got, what is allowed, what to do.</param>
    /// <param name="innerException">The operating system's error, if there was one.</param>
    public ModelFileException(string path, IReadOnlyList<string> problems, Exception? innerException = null)
        : base(Describe(path, problems), innerException)
    {
        Path = path;
        Problems = [.. problems];
    }

    /// <summary>The file or folder that cannot be used.</summary>
    public string Path { get; }

    /// <summary>Every problem found; after the first 100 only their number is given.</summary>
    public IReadOnlyList<string> Problems { get; }

    private static string Describe(string path, IReadOnlyList<string> problems)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (problems is null or [])
        {
            throw new ArgumentException("A model file exception needs at least one problem.", nameof(problems));
        }

        return problems is [var only]
            ? $"{path}: {only}"
            : $"{path} has {problems.Count} problems:\n- {string.Join("\n- ", problems)}";
    }
}
