namespace XVideo.Service.Tests.Conformance;

/// <summary>The folder of server processes.</summary>
internal sealed class ProcessFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("xvideo-processes-").FullName;

    public string Log => System.IO.Path.Combine(Path, "server.log");

    /// <summary>Published files.</summary>
    public IReadOnlyList<string> Videos => Files("videos");

    /// <summary>Files in the making.</summary>
    public IReadOnlyList<string> Temporaries => Files("tmp");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private IReadOnlyList<string> Files(string folder) => [.. Directory.GetFiles(System.IO.Path.Combine(Path, "files", folder), "*", SearchOption.AllDirectories).Order()];
}
