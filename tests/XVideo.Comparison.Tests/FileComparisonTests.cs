using System.Diagnostics;
using XVideo.Comparison.Files;
using XVideo.Comparison.Results;
using XVideo.Metrics;
using XVideo.Video;

namespace XVideo.Comparison.Tests;

/// <summary>Videos that exist, made by a real ffmpeg.</summary>
public sealed class FileComparisonTests : IDisposable
{
    private const string Moving = "testsrc2=size=192x176:rate=8:duration=0.5";

    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Measure_FileAgainstItself_IsInfinitePsnrAndSsimOne()
    {
        var path = Make("a.mp4", Moving);

        var report = Measure(path, path);

        var means = Assert.Single(report.Pairs).File!.Means;
        Assert.Equal((double.PositiveInfinity, 1.0, 1.0, 4.0), (means["psnr"], Math.Round(means["ssim"], 10), Math.Round(means["msSsim"], 10), means["infFrames"]));
        Assert.Equal(double.PositiveInfinity, report.Arms[0].File["psnr"].Mean);
        Assert.Empty(report.Arms[0].Raw);
        Assert.Equal(("a.mp4", Path.GetFullPath(path)), (report.Prompts[0].Text, report.Prompts[0].Clip));
        Assert.Contains(report.NotComputed, missing => missing.Name == "LPIPS" && missing.Value.Contains("alexnet-owt-7be5be79.pth", StringComparison.Ordinal));
    }

    [Fact]
    public void Measure_Folders_PairsByNameAndPoolsFrames()
    {
        Make("x/one.mp4", Moving, "-crf", "40");
        Make("x/two.mp4", "testsrc=size=192x176:rate=8:duration=1", "-crf", "40");
        Make("y/one.mp4", Moving);
        Make("y/two.mp4", "testsrc=size=192x176:rate=8:duration=1");
        File.WriteAllText(In("y/notes.txt"), "no video");
        var told = new List<(int, int)>();

        var report = FileComparison.Measure(In("x"), In("y"), null, null, "test", (done, count) => told.Add((done, count)));

        Assert.Equal(["one.mp4", "two.mp4"], report.Prompts.Select(prompt => prompt.Text));
        var one = ClipComparison.Measure(In("x/one.mp4"), In("y/one.mp4")).Fidelity;
        var two = ClipComparison.Measure(In("x/two.mp4"), In("y/two.mp4")).Fidelity;
        Assert.Equal([one.Psnr, two.Psnr], report.Pairs.Select(pair => pair.File!.Means["psnr"]));
        Assert.Equal(one.Frames.Concat(two.Frames).Average(frame => frame.Psnr), report.Arms[0].File["psnr"].Mean, 9);
        Assert.Equal([(0, 2), (1, 2), (2, 2)], told);
    }

    [Fact]
    public void Measure_FilesWithoutPartner_NamesThemAll()
    {
        foreach (var name in (string[])["x/one.mp4", "x/two.mp4", "y/two.mp4", "y/three.mp4"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
            File.WriteAllText(In(name), "");
        }

        var error = Assert.Throws<ComparisonException>(() => Measure(In("x"), In("y")));

        Assert.Equal(2, error.Problems.Count);
        Assert.Contains("has one.mp4, which", error.Problems[0], StringComparison.Ordinal);
        Assert.Contains("has three.mp4, which", error.Problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_MissingEmptyOrMixedInput_ExplainsIt()
    {
        Directory.CreateDirectory(In("empty"));
        var path = Make("a.mp4", Moving);

        Assert.Contains("does not exist", Assert.Throws<ComparisonException>(() => Measure(In("gone.mp4"), path)).Message, StringComparison.Ordinal);
        Assert.Contains("holds no videos", Assert.Throws<ComparisonException>(() => Measure(In("empty"), In("empty"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a single one", Assert.Throws<ComparisonException>(() => Measure(In("empty"), path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("testsrc2=size=176x176:rate=8:duration=0.5", "size (176x176 and 192x176)")]
    [InlineData("testsrc2=size=192x176:rate=8:duration=1", "frame count (8 and 4)")]
    [InlineData("testsrc2=size=192x176:rate=4:duration=1", "frames per second (4 and 8)")]
    public void Measure_UnequalClips_NamesBothValues(string source, string sentence)
    {
        var error = Assert.Throws<ComparisonException>(() => Measure(Make("a.mp4", source), Make("b.mp4", Moving)));

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_TruncatedFile_IsNamed()
    {
        var path = Make("a.mp4", Moving);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(In("half.mp4"), bytes[..(bytes.Length / 2)]);

        Assert.Contains("half.mp4", Assert.Throws<VideoFileException>(() => Measure(In("half.mp4"), path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_DeepAndTransparentInput_IsConvertedAndSaid()
    {
        var deep = Make("deep.mp4", Moving + ",format=yuv420p10le", "-crf", "0");
        var clear = Make("clear.mov", Moving + ",format=argb", "-c:v", "qtrle");

        var report = Measure(deep, clear);

        Assert.Contains(report.Environment, value => value.Name == "deep samples" && value.Value.StartsWith("yuv420p10le converted", StringComparison.Ordinal));
        Assert.Contains(report.Environment, value => value.Name == "transparency" && value.Value.Contains("argb", StringComparison.Ordinal));
    }

    [Fact]
    public void Measure_SingleSmallFrame_SaysWhatItCannotHave()
    {
        var path = Make("still.mp4", "testsrc2=size=64x64:rate=8:duration=0.125");

        var report = Measure(path, path);

        Assert.Equal(["temporal flickering", "MS-SSIM"], report.NotComputed.Select(missing => missing.Name).Intersect(["temporal flickering", "MS-SSIM"]).OrderDescending());
        Assert.Single(report.Pairs[0].File!.Frames["psnr"]);
    }

    [Fact]
    public void Measure_FfmpegWithLibvmaf_AddsItsMean()
    {
        var path = Make("a.mp4", Moving);
        var program = In("ffmpeg");
        File.WriteAllText(program, """
            #!/bin/sh
            case "$*" in
              *-filters*) echo ' .. libvmaf           VV->V      Calculate the VMAF between two video streams.';;
              *libvmaf*) echo '{"pooled_metrics":{"vmaf":{"mean":87.5}}}' > vmaf.json;;
              *) exec FFMPEG "$@";;
            esac
            """.Replace("FFMPEG", Ffmpeg.Find().FfmpegPath, StringComparison.Ordinal));
        using (var change = Process.Start("chmod", ["+x", program])) change.WaitForExit();

        var report = FileComparison.Measure(path, path, null, program, "test");

        Assert.Equal(87.5, report.Pairs[0].File!.Means["vmaf"]);
        Assert.DoesNotContain(report.NotComputed, missing => missing.Name == "VMAF");
    }

    [Theory]
    [InlineData("yuv420p", false, false)]
    [InlineData("yuv420p10le", true, false)]
    [InlineData("yuva444p12le", true, true)]
    [InlineData("gray16be", true, false)]
    [InlineData("p010le", true, false)]
    [InlineData("rgb48le", true, false)]
    [InlineData("rgba64be", true, true)]
    [InlineData("gbrp10le", true, false)]
    [InlineData("bgra", false, true)]
    [InlineData("rgb24", false, false)]
    [InlineData("pal8", false, false)]
    [InlineData("nv12", false, false)]
    public void PixelFormats_OfFfmpeg_AreTold(string format, bool isDeep, bool hasAlpha) =>
        Assert.Equal((isDeep, hasAlpha), (PixelFormats.IsDeep(format), PixelFormats.HasAlpha(format)));

    private static ComparisonReport Measure(string video, string reference) => FileComparison.Measure(video, reference, null, null, "test");

    private string In(string name) => Path.Combine(_folder, name);

    private string Make(string name, string source, params string[] options)
    {
        var path = In(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string[] arguments = ["-v", "error", "-y", "-f", "lavfi", "-i", source, .. options, path];
        using var process = Process.Start(Ffmpeg.Find().FfmpegPath, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return path;
    }
}
