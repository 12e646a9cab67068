using System.Text.Json;
using XVideo.Video;

namespace XVideo.Cli.Tests;

/// <summary><c>xvideo evaluate</c> as a program.</summary>
public sealed class EvaluateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluate_TwoClips_PrintsTheTableAndWritesTheReport()
    {
        Write("videos/a red ball bounces on green grass-0.gif", 9, 2);
        Write("videos/still.gif", 9, 0);
        var run = Run("--videos", "videos", "--output", "out", "--dimensions", "temporal_flickering_unfiltered,optical_flow,pixel_judge,subject_consistency");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches("(?m)^temporal_flickering_unfiltered +0\\.\\d{4} ", run.Output);
        Assert.Matches("(?m)^optical_flow_magnitude +\\d+\\.\\d\\d px", run.Output);
        Assert.Matches("(?m)^judge_colour +0\\.0000 +1$", run.Output);
        Assert.Contains("subject_consistency: weight files are missing: put them in the folder of --metric-weights\n    dino_vitbase16_pretrain.pth (", run.Output, StringComparison.Ordinal);
        Assert.Contains("left out of pixel_judge: 1 clips with no prompt: still", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(Path.Combine(_folder.Path, "out", "evaluation.html") + "\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("measure clips 2/2", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "out", "evaluation.json")));
    }

    [Fact]
    public void Evaluate_AsJson_PrintsTheReportAlone()
    {
        Write("videos/still.gif", 3, 0);
        var run = Run("--videos", "videos", "--json", "--dimensions", "temporal_flickering_unfiltered");
        Assert.True(run.ExitCode == 0, run.Error);
        var score = run.Json.GetProperty("sets")[0].GetProperty("dimensions")[0];
        Assert.Equal(("temporal_flickering_unfiltered", 1.0), (score.GetProperty("name").GetString(), score.GetProperty("raw").GetDouble()));
        Assert.Equal(JsonValueKind.Array, run.Json.GetProperty("notComputed").ValueKind);
        Assert.Equal("", run.Error);
    }

    public static TheoryData<string[], string> Bad { get; } = new()
    {
        { [], "No videos were given. Pass a folder" },
        { ["--videos", "gone"], "The folder \"gone\" does not exist" },
        { ["--videos", "empty"], "holds no videos" },
        { ["--videos", "videos", "--dimensions", "beauty"], "\"beauty\" is not a dimension" },
        { ["--videos", "videos", "--output", "videos/still.gif"], "is a file; the report and its parts go into a folder" },
        { ["--videos", "videos", "--suite", "gone.json"], "The suite \"gone.json\" cannot be read" },
        { ["--videos", "videos", "--metric-weights", "gone"], "The folder of metric weights \"gone\" does not exist" },
        { ["--videos", "videos", "--import-scores", "gone.json"], "The scores \"gone.json\" cannot be read" },
        { ["--videos", "videos", "--prompts", "gone.txt"], "The list of prompts \"gone.txt\" cannot be read" },
        { ["--videos", "broken"], "Remove it, or pass --skip-unreadable" },
        { ["--videos", "videos", "--dimensions", "imaging_quality"], "musiq_spaq_ckpt-358bb6af.pth" },
        { ["--videos", "videos", "--steps", "3"], "Option --steps is not known to xvideo evaluate" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Evaluate_BadInput_IsExplained(string[] arguments, string sentence)
    {
        Write("videos/still.gif", 2, 0);
        _folder.File("broken/a.mp4", "no video");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        var run = Run(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    private CliRun Run(params string[] arguments) => CliRun.Start(_folder.Path, ["evaluate", .. arguments]);

    private void Write(string name, int frames, int speed)
    {
        const int width = 48, height = 32;
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var writer = VideoWriter.Create(path, VideoFormat.Gif, width, height, 10, overwrite: true);
        for (var t = 0; t < frames; t++)
            writer.WriteFrame([.. Enumerable.Range(0, width * height * 3).Select(i => (byte)((((i / 3 % width) - (speed * t) + 96) / 6 % 2 * 160) + (i / 3 / width * 2)))]);
        writer.Complete();
    }
}
