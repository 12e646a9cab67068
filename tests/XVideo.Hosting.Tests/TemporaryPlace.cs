namespace XVideo.Hosting.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TemporaryPlace : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("xvideo-hosting-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The tiny model with other recommendations.</summary>
    public string CopyOfTinyModel(int width, int height, int frames, int steps)
    {
        foreach (var file in Directory.GetFiles(Models.Tiny, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(File("model"), System.IO.Path.GetRelativePath(Models.Tiny, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            System.IO.File.Copy(file, target);
        }
        System.IO.File.WriteAllText(
            File("model/generation_config.json"), $$"""{ "width": {{width}}, "height": {{height}}, "num_frames": {{frames}}, "num_inference_steps": {{steps}} }""");
        return File("model");
    }

    /// <summary>Runs with this as the current folder: no other test of this project may look at it meanwhile.</summary>
    public async Task InsideAsync(Func<Task> run)
    {
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Path;
        try
        {
            await run();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
