using XVideo.Video;

namespace XVideo.Cli.Tests;

/// <summary>The first command of the README, on the model that ships, with fewer steps.</summary>
public sealed class DefaultModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Generate_ReadmePrompt_ShowsARedBallMovingOverGreenGrassUnderABlueSky()
    {
        var run = CliRun.Start(
            _folder.Path,
            ["generate", "--prompt", "a red ball bounces on green grass", "--model", ModelPath, "--steps", "12", "--seed", "1", "--format", "png", "--output", "clip", "--quiet"]);
        Assert.True(run.ExitCode == 0, run.Error);

        var frames = VideoReader.ReadFrames(System.IO.Path.Combine(_folder.Path, "clip")).Select(bytes => new Frame(bytes)).ToArray();
        Assert.Equal(41, frames.Length);
        var last = frames[^1];
        var (sky, grass) = (last.Mean(rows: 0..30), last.Mean(rows: 170..192));
        Assert.True(sky.Blue > sky.Red && sky.Blue > 150, $"sky is {sky}");
        Assert.True(grass.Green > grass.Red + 20 && grass.Green > grass.Blue + 20, $"grass is {grass}");
        var heights = frames.Select(frame => frame.RedCentre()).Where(centre => centre is not null).Select(centre => centre!.Value).ToArray();
        Assert.InRange(heights.Length, 25, 41);
        Assert.InRange(heights.Max() - heights.Min(), 8, 150);
    }

    [Fact]
    public void Generate_XAttentionThatKeepsEverything_MakesTheSameVideoAsDense()
    {
        string[] small = ["generate", "--prompt", "a red ball bounces on green grass", "--model", ModelPath, "--steps", "3", "--seed", "1", "--frames", "17", "--format", "png"];
        var dense = CliRun.Start(_folder.Path, [.. small, "--output", "dense"]);
        var sparse = CliRun.Start(_folder.Path, [.. small, "--output", "sparse", "--attention", "xattention", "--threshold", "1", "--dense-warmup", "1", "--report", "report.json"]);
        Assert.True(sparse.ExitCode == 0, sparse.Error);
        Assert.Contains("attention dense on cpu", dense.Error, StringComparison.Ordinal);
        Assert.Contains("attention xattention τ 1 stride 16 on cpu: density 1.00 (sparse calls 1.00), 1 dense warm-up step of 3", sparse.Error, StringComparison.Ordinal);

        var frames = VideoReader.ReadFrames(System.IO.Path.Combine(_folder.Path, "dense")).Zip(VideoReader.ReadFrames(System.IO.Path.Combine(_folder.Path, "sparse")));
        Assert.InRange(frames.Max(pair => pair.First.Zip(pair.Second, (a, b) => Math.Abs(a - b)).Max()), 0, 1);
        using var report = System.Text.Json.JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(_folder.Path, "report.json")));
        var attention = report.RootElement.GetProperty("attention");
        Assert.Equal(["warm-up", null, null], attention.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("denseReason").GetString()));
        Assert.Equal(1, report.RootElement.GetProperty("settings").GetProperty("attention").GetProperty("threshold").GetDouble());
    }

    [Fact]
    public void Generate_BackendThatTakesNoBlocks_StopsAndNamesOthers()
    {
        var run = CliRun.Start(_folder.Path, ["generate", "--prompt", "a red ball", "--model", ModelPath, "--attention", "xattention", "--attention-backend", "sdpa", "--output", "a.mp4"]);
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("Attention backend sdpa cannot be used", run.Error, StringComparison.Ordinal);
        Assert.Contains("--attention-backend auto, or name one of: cpu", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Generate_WordsThatTheModelHasNeverSeen_AreNamed()
    {
        var run = CliRun.Start(
            _folder.Path, ["generate", "--prompt", "a zeppelin bounces on green grass", "--model", ModelPath, "--width", "64", "--height", "48", "--frames", "1", "--steps", "1", "--output", "a.mp4"]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("zeppelin", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("grass\"", run.Error, StringComparison.Ordinal);
    }

    private static string ModelPath { get; } = FindModel();

    private static string FindModel([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "weights", "default"));

    /// <summary>One frame of 256×192, rgb24.</summary>
    private sealed record Frame(byte[] Bytes)
    {
        private const int Width = 256;
        private const int Height = 192;

        public (double Red, double Green, double Blue) Mean(Range rows)
        {
            var (start, count) = rows.GetOffsetAndLength(Height);
            double[] sums = new double[3];
            for (var at = start * Width * 3; at < (start + count) * Width * 3; at++) sums[at % 3] += Bytes[at];
            return (sums[0] / (count * Width), sums[1] / (count * Width), sums[2] / (count * Width));
        }

        /// <summary>Mean row of the clearly red pixels, or null where there are fewer than 100.</summary>
        public double? RedCentre()
        {
            var rows = Enumerable.Range(0, Width * Height).Where(pixel => Bytes[3 * pixel] > 120 && Bytes[(3 * pixel) + 1] < 100 && Bytes[(3 * pixel) + 2] < 110).Select(pixel => pixel / Width).ToArray();
            return rows.Length < 100 ? null : rows.Average();
        }
    }
}
