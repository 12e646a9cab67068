using System.Diagnostics;

namespace XVideo.Video.Tests;

/// <summary>A folder of its own for one test; optionally a small or read-only file system, where the machine allows mounting.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly bool _mounted;

    public TestFolder()
    {
        Root = Directory.CreateTempSubdirectory("xvideo-video-").FullName;
    }

    private TestFolder(string root)
    {
        (Root, _mounted) = (root, true);
    }

    public string Root { get; }

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Everything in the folder, hidden and temporary files included.</summary>
    public string[] Names => [.. Directory.EnumerateFileSystemEntries(Root).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    /// <summary>A tmpfs with these mount options, or <see langword="null"/> where mounting is refused.</summary>
    public static TestFolder? TryMount(string options)
    {
        var root = Directory.CreateTempSubdirectory("xvideo-video-mount-").FullName;
        if (OperatingSystem.IsLinux() && Shell($"mount -t tmpfs -o {options} tmpfs '{root}'") == 0)
        {
            return new TestFolder(root);
        }

        Directory.Delete(root);
        return null;
    }

    public string Script(string name, string body)
    {
        File.WriteAllText(this[name], "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this[name];
    }

    public static int Shell(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (_mounted)
        {
            Assert.Equal(0, Shell($"umount '{Root}'"));
        }

        Directory.Delete(Root, recursive: true);
    }
}
