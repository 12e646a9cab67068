namespace XVideo.Torch.Safetensors;

/// <summary>Resolves every symbolic link of a path, so that "inside this folder" can be decided by comparing text.</summary>
internal static class RealPath
{
    // Linux gives up after the same number.
    private const int MaxLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The path with all links followed; parts that do not exist are kept as they are.</summary>
    /// <exception cref="IOException">More than 40 links had to be followed.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string current = Path.GetPathRoot(full)!;
        Stack<string> pending = new();
        Push(pending, full[current.Length..]);
        int links = 0;
        while (pending.TryPop(out string? part))
        {
            if (part == "..")
            {
                // Taken here, after links were followed: text-only removal of "link/.." would name another file than the system opens.
                current = Path.GetDirectoryName(current) ?? current;
                continue;
            }

            string next = Path.Combine(current, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"{path} follows more than {MaxLinks} symbolic links.");
            }

            if (Path.IsPathRooted(target))
            {
                current = Path.GetPathRoot(target)!;
                target = target[current.Length..];
            }

            Push(pending, target);
        }

        return current;
    }

    private static void Push(Stack<string> pending, string path)
    {
        string[] parts = path.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        foreach (string part in parts.Reverse().Where(static part => part != "."))
        {
            pending.Push(part);
        }
    }
}
