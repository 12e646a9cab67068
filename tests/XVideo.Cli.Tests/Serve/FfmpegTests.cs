using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using XVideo.ServiceBench.Processes;

namespace XVideo.Cli.Tests.Serve;

/// <summary>The real program with an ffmpeg that is killed at its first video.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FfmpegTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_FfmpegKilledInTheMiddle_TheAttemptFailsAndTheNextSucceeds()
    {
        // It takes a part of the frames, and is gone.
        var ffmpeg = _folder.File("ffmpeg", $$"""
            #!/bin/sh
            case "$*" in *.mp4*) if [ ! -e "{{_folder.Path}}/was-killed" ]; then touch "{{_folder.Path}}/was-killed"; head -c 5000 >/dev/null; kill -9 $$; fi ;; esac
            exec ffmpeg "$@"
            """);
        File.SetUnixFileMode(ffmpeg, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _folder.File("ffprobe", "#!/bin/sh\nexec ffprobe \"$@\"\n");
        File.SetUnixFileMode(Path.Combine(_folder.Path, "ffprobe"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var log = Path.Combine(_folder.Path, "serve.log");
        await using var server = await ServerProcess.StartServerAsync([.. CrashLoopTests.Program, "serve", "--port", "0", "--model", CrashLoopTests.Model(), "--data", Path.Combine(_folder.Path, "data"), "--ffmpeg", ffmpeg], log);
        using var http = new HttpClient { BaseAddress = server.Address };

        using var created = await http.PostAsJsonAsync("/v1/videos", new { prompt = "a ball", size = "64x64", num_frames = 5, num_inference_steps = 2, seed = 1 });
        var id = JsonElement.Parse(await created.Content.ReadAsStringAsync()).GetProperty("id").GetString();
        var video = await FollowAsync(http, id!);

        Assert.Equal("completed", video.GetProperty("status").GetString());
        Assert.True(File.Exists(Path.Combine(_folder.Path, "was-killed")), "ffmpeg was not killed");
        Assert.Equal(3, Files("videos").Length);
        Assert.All(Files("videos"), path => Assert.Contains($"{id}.2.", path, StringComparison.Ordinal));
        Assert.Empty(Files("tmp"));
        Assert.Equal(0, await server.TerminateAsync());
        Assert.Contains("attempt 2 of 3", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> FollowAsync(HttpClient http, string id)
    {
        for (var limit = DateTime.UtcNow.AddSeconds(90); ; await Task.Delay(100))
        {
            var video = JsonElement.Parse(await http.GetStringAsync($"/v1/videos/{id}"));
            if (video.GetProperty("status").GetString() is "completed" or "failed" || DateTime.UtcNow > limit) return video;
        }
    }

    private string[] Files(string folder) => Directory.GetFiles(Path.Combine(_folder.Path, "data", "files", folder), "*", SearchOption.AllDirectories);
}
