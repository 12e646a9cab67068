using System.Text.Json;
using XVideo.Evaluation.Results;
using XVideo.Video;

namespace XVideo.Evaluation.Tests;

public sealed class EvaluatorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_WithoutWeights_ComputesWhatNeedsNoneAndListsTheRest()
    {
        _folder.Clip("videos/still.mp4", speed: 0);
        _folder.Clip("videos/deep/moving.mp4", speed: 2);
        var report = Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos });
        var set = Assert.Single(report.Sets);
        Assert.Equal(["deep/moving", "still"], set.Clips.Select(clip => clip.Name));
        Assert.Equal([Names.FlickeringUnfiltered, Names.MotionProxy, Names.MotionProxyLength, Names.FlowMagnitude, Names.FlowChange, Names.FlowWarpError, Names.FlowOccluded], set.Dimensions.Select(score => score.Name));
        Assert.All(set.Dimensions, score => Assert.Equal((2, "classical"), (score.Clips, score.Kind)));
        // Two pixels of 48 rows are 10.67 of 256; the other clip stands still.
        Assert.Equal(2 * 256.0 / 48, Value(set, "deep/moving", Names.FlowMagnitude), 1);
        Assert.InRange(Value(set, "still", Names.FlowMagnitude), 0, 0.5);
        Assert.InRange(Value(set, "still", Names.FlickeringUnfiltered), 0.99, 1);
        Assert.StartsWith("Custom input", report.Input);
        Assert.Null(set.Totals);
        // All of VBench's are named with the files they need; none has a number.
        Assert.Equal(17, report.NotComputed.Count);
        Assert.Contains(report.NotComputed, missing => missing.Name == "motion_smoothness" && missing.Files.Single().StartsWith("amt-s.pth", StringComparison.Ordinal));
        Assert.Contains(report.NotComputed, missing => missing.Name == "object_class" && missing.Reason.Contains("--import-scores", StringComparison.Ordinal));
        Assert.Contains(report.NotComputed, missing => missing.Name == Names.JudgeAll && missing.Reason.Contains("no clip has a prompt", StringComparison.Ordinal));
        Assert.Equal(["deep/moving", "still"], set.LeftOut.Single(left => left is { Measure: "pixel_judge", Reason: "no prompt" }).Clips);
    }

    [Fact]
    public void Run_OfOneFrameClips_LeavesThemOutWithTheReason()
    {
        _folder.Clip("videos/one.png.gif", frames: 1);
        _folder.Clip("videos/frames", frames: 3);
        var set = Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos, Dimensions = ["temporal_flickering_unfiltered", "optical_flow", "pixel_judge"], PromptsFile = _folder.File("prompts.txt", "frames\ta red star moves to the right\n") }).Sets[0];
        Assert.Equal(["one.png"], set.LeftOut.Single(left => left is { Measure: "optical_flow", Reason: "fewer than 2 frames" }).Clips);
        Assert.Equal(["frames", "one.png"], set.LeftOut.Single(left => left is { Measure: "pixel_judge", Reason: "fewer than 8 frames" }).Clips);
        Assert.All(set.Dimensions, score => Assert.Equal(1, score.Clips));
        // Folders of frames have no rate, and that is no reason to leave them out.
        Assert.Null(set.Clips.Single(clip => clip.Name == "frames").FrameRate);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_TruncatedVideo_IsNamedOrSkipped(bool skip)
    {
        _folder.Clip("videos/good.mp4");
        var bad = _folder.Clip("videos/bad.mp4");
        File.WriteAllBytes(bad, File.ReadAllBytes(bad)[..^300]);
        _folder.File("videos/empty.mp4", "");
        var options = new EvaluationOptions { VideosFolder = _folder.Videos, Dimensions = [Names.FlickeringUnfiltered], SkipUnreadable = skip };
        if (!skip)
        {
            var error = Assert.Throws<EvaluationException>(() => Evaluator.Run(options));
            Assert.Contains("bad.mp4", error.Message, StringComparison.Ordinal);
            Assert.Contains("--skip-unreadable", error.Message, StringComparison.Ordinal);
            return;
        }
        var set = Evaluator.Run(options).Sets[0];
        Assert.Equal(["bad.mp4", "empty.mp4"], set.Unreadable.Select(clip => Path.GetFileName(clip.Path)));
        Assert.Equal("good", Assert.Single(set.Clips).Name);
    }

    [Fact]
    public void Run_NothingButUnreadableVideos_IsAnError()
    {
        _folder.File("videos/a.mp4", "no video");
        Assert.Contains("None of the 1 videos", Assert.Throws<EvaluationException>(() => Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos, SkipUnreadable = true })).Message);
    }

    [Fact]
    public void Run_UnknownOrImpossibleDimensions_AreRefused()
    {
        _folder.Clip("videos/a.gif", frames: 2);
        EvaluationException Error(params string[] names) => Assert.Throws<EvaluationException>(() => Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos, Dimensions = names }));
        var unknown = Error("colour", "motion_proxy", "dynamics");
        Assert.Equal(2, unknown.Problems.Count);
        Assert.StartsWith("\"colour\" is not a dimension. There are: subject_consistency,", unknown.Problems[0]);
        Assert.Contains("imaging_quality: weight files are missing", Error("imaging_quality").Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<EvaluationException>(() => Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos, MetricWeights = "/gone" })).Message);
    }

    [Fact]
    public void Run_AgainstAnotherFolder_GivesPairedDifferences()
    {
        foreach (var (name, speed) in ((string, double)[])[("a", 1), ("b", 2), ("c", 0)])
        {
            _folder.Clip($"videos/{name}.gif", speed: speed);
            _folder.Clip($"others/{name}.gif", speed: speed + 1);
        }
        _folder.Clip("others/alone.gif", speed: 1);
        var report = Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos, AgainstFolder = _folder.PathOf("others"), Dimensions = [Names.FlowMagnitude] });
        Assert.Equal(["alone"], report.Unpaired);
        var difference = Assert.Single(report.Differences);
        Assert.Equal(3, difference.Clips);
        Assert.InRange(difference.Difference, -7, -4.5);
        Assert.True(difference.Interval!.High < 0);
        Assert.Equal(difference.Videos, Assert.Single(report.Sets[0].Dimensions).Raw, 1e-12);
    }

    [Fact]
    public void Run_WithImportedScores_MarksThemAndGivesNoTotal()
    {
        _folder.Clip("videos/a.gif", frames: 2);
        var scores = _folder.File("scores.json", """{ "object_class": 0.9, "dynamic_degree": [0.5, [{ "video_path": "x", "video_results": 1 }]] }""");
        var report = Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos, ImportScores = scores, Dimensions = ["object_class", Names.FlickeringUnfiltered, "scene"] });
        var imported = report.Sets[0].Dimensions.Where(score => score.IsImported).ToArray();
        Assert.Equal([("dynamic_degree", 0.5), ("object_class", 0.9)], imported.Select(score => (score.Name, score.Raw)));
        Assert.Equal(["scene"], report.NotComputed.Select(missing => missing.Name));
        Assert.Equal((null, 0.5, 0.9), (report.Sets[0].Totals!.Total, report.Sets[0].Totals!.SubsetQualityMean, report.Sets[0].Totals!.SubsetSemanticMean));
        Assert.Contains(report.Notes, note => note.StartsWith("No VBench total: 14 of 16", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "object_clas": 0.9 }""", "none of VBench's dimensions")]
    [InlineData("""{ "imaging_quality": 65 }""", "imaging_quality divided by 100")]
    [InlineData("""{ "scene": "good" }""", "holds no scores")]
    [InlineData("[1]", "holds no scores")]
    [InlineData("{}", "holds no scores")]
    public void Import_OfAnotherFile_IsRefused(string text, string sentence)
    {
        _folder.Clip("videos/a.gif", frames: 2);
        Assert.Contains(sentence, Assert.Throws<EvaluationException>(() => Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos, ImportScores = _folder.File("scores.json", text) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithAnOutputFolder_WritesFilesThatAgree()
    {
        _folder.Clip("videos/a, \"quoted\" <b>-0.gif", prompt: "a ball, <script>alert(1)</script>");
        _folder.Clip("videos/plain.mp4", speed: 3);
        var report = Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos, OutputFolder = _folder.PathOf("out"), Dimensions = [Names.FlickeringUnfiltered, Names.FlowWarpError] });
        Assert.Equal(["clips.csv", "dimensions.csv", "evaluation.html", "evaluation.json", "results.jsonl"], Directory.GetFileSystemEntries(_folder.PathOf("out")).Select(Path.GetFileName).Order());
        var read = JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllText(_folder.PathOf("out/evaluation.json")), EvaluationJson.Indented)!;
        Assert.Equal(JsonSerializer.Serialize(report, EvaluationJson.Line), JsonSerializer.Serialize(read, EvaluationJson.Line));
        var clips = File.ReadAllText(_folder.PathOf("out/clips.csv"));
        Assert.Contains("\"a, \"\"quoted\"\" <b>-0\",\"a ball, <script>alert(1)</script>\",temporal_flickering_unfiltered,", clips, StringComparison.Ordinal);
        Assert.Equal(1 + 4, clips.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        var page = File.ReadAllText(_folder.PathOf("out/evaluation.html"));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("data:image/png;base64,").Length - 1);
    }

    [Fact]
    public void Catalogue_OfAllDimensions_HasVBenchsNamesAndRanges()
    {
        Assert.Equal(XVideo.Metrics.VBench.VBenchDimension.All.Select(dimension => dimension.Name), DimensionCatalog.All.Where(dimension => dimension.Kind == DimensionKind.VBench).Select(dimension => dimension.Name));
        Assert.Equal(DimensionCatalog.All.Count, DimensionCatalog.All.Select(dimension => dimension.Name).Distinct().Count());
        Assert.Contains("judge_second_colour", DimensionCatalog.All.Select(dimension => dimension.Name));
    }

    private static double Value(EvaluatedSet set, string clip, string dimension) => set.Clips.Single(other => other.Name == clip).Scores.Single(score => score.Dimension == dimension).Value;
}
