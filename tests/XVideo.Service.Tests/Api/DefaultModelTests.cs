using System.Runtime.CompilerServices;
using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Video;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

/// <summary>The real engine and the project's own model, at its smallest.</summary>
public class DefaultModelTests
{
    [StoreFact]
    public async Task Server_WithTheDefaultModel_MakesAVideoOfTheSizeThatWasAsked()
    {
        var folder = ModelFolder.Open(DefaultModel());
        var engine = new PipelineEngine(new PipelineOptions(folder.Path, "cpu"), ServedModel.From(folder));
        await using var server = await ApiServer.StartAsync(engine);

        var created = await server.CreateAsync(new { prompt = "a red ball bounces on green grass", size = "64x48", num_frames = 5, num_inference_steps = 2, seed = 1, preview_every_steps = 1 });

        Assert.True(created.Status == 200, created.Text);
        Assert.Equal("default", created.Json.GetProperty("model").GetString());
        var id = created.Json.GetProperty("id").GetString()!;
        await server.WaitAsync(id, "completed");
        var path = Path.Combine(server.Folder, "video.mp4");
        await File.WriteAllBytesAsync(path, (await server.GetAsync($"/v1/videos/{id}/content")).Bytes);
        var info = VideoProbe.Read(path);
        Assert.Equal((64, 48, 5), (info.Width, info.Height, info.FrameCount));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(server.Folder, "files", "tmp")));
    }

    private static string DefaultModel([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "weights", "default"));
}
