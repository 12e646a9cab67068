namespace XVideo.Torch.Tests.Safetensors;

/// <summary>An empty folder of one test, removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("xvideo-safetensors-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string[] FileNames => [.. Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal)!];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
