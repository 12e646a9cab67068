namespace XVideo.Evaluation.Clips;

/// <summary>A text file that says what each clip should show: lines of <c>file TAB prompt</c>, or one prompt a line in the order of the files' names.</summary>
internal static class PromptList
{
    private const long LargestSize = 16 << 20;

    /// <summary>Prompts by the names of clips. Empty lines and lines that begin with # are skipped.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="clips">All clips, in order.</param>
    /// <exception cref="EvaluationException">The file cannot be read, names clips that are not there, or has another number of prompts than there are clips.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path, IReadOnlyList<VideoClip> clips)
    {
        var lines = ReadLines(path);
        return lines.Any(line => line.Contains('\t')) ? Named(path, lines, clips) : InOrder(path, lines, clips);
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestSize } file)
                throw new EvaluationException($"The list of prompts \"{path}\" has {file.Length:N0} bytes, more than {LargestSize:N0}; it must be a text file with one prompt a line.");
            return [.. File.ReadLines(path).Select(line => line.TrimEnd()).Where(line => line.Length > 0 && line[0] != '#')];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"The list of prompts \"{path}\" cannot be read: {error.Message}");
        }
    }

    private static Dictionary<string, string> InOrder(string path, string[] lines, IReadOnlyList<VideoClip> clips)
    {
        if (lines.Length != clips.Count)
            throw new EvaluationException($"The list of prompts \"{path}\" has {lines.Length} prompts and there are {clips.Count} videos. One prompt a line must give as many as there are videos, in the order of their names; or write lines of: file, a tab, prompt.");
        return clips.Zip(lines).ToDictionary(pair => pair.First.Name, pair => pair.Second.Trim());
    }

    private static Dictionary<string, string> Named(string path, string[] lines, IReadOnlyList<VideoClip> clips)
    {
        List<string> problems = [];
        Dictionary<string, string> prompts = [];
        foreach (var line in lines)
        {
            var parts = line.Split('\t', 2);
            var found = parts.Length == 2 ? clips.Where(clip => IsNamed(clip, parts[0].Trim())).ToArray() : [];
            if (parts.Length < 2) problems.Add($"The line \"{line}\" of \"{path}\" has no tab; where one line names a file, all must: file, a tab, prompt.");
            else if (found.Length != 1) problems.Add($"\"{path}\" names \"{parts[0].Trim()}\", and {(found.Length == 0 ? "there is no such video" : $"{found.Length} videos have that name; give its folders too")}.");
            else if (!prompts.TryAdd(found[0].Name, parts[1].Trim())) problems.Add($"\"{path}\" names \"{parts[0].Trim()}\" twice.");
        }
        return problems.Count == 0 ? prompts : throw new EvaluationException(problems);
    }

    // Its name below the folder or its own name, with or without extension.
    private static bool IsNamed(VideoClip clip, string name) =>
        name == clip.Name || name == Path.GetFileName(clip.Name) || name == Path.GetFileName(clip.Path) || name == clip.Name + Path.GetExtension(clip.Path);
}
