using XVideo.Evaluation.Results;
using XVideo.Metrics.Networks;
using XVideo.Metrics.Networks.Amt;
using XVideo.Metrics.Networks.Musiq;
using XVideo.Metrics.Networks.Raft;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Metrics.Networks.Umt;
using XVideo.Torch.Safetensors;

namespace XVideo.Evaluation.Tests;

/// <summary>Dimensions with networks, by small random ones in the published layouts.</summary>
public sealed class NetworkTests : IDisposable
{
    private static readonly string[] Consistencies = ["subject_consistency", "background_consistency"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_WithWeights_ComputesTheirDimensionsAndListsTheFiles()
    {
        _folder.Clip("videos/still.gif", speed: 0);
        _folder.Clip("videos/moving.gif", frames: 11, speed: 5, prompt: "waves");
        var report = Run(new EvaluationOptions { VideosFolder = _folder.Videos, MetricWeights = SmallNetworks.Write(_folder.PathOf("weights")) });
        var set = report.Sets[0];
        double Value(string clip, string name) => set.Clips.Single(other => other.Name == clip).Scores.Single(score => score.Dimension == name).Value;
        foreach (var name in Consistencies)
        {
            Assert.Equal(1, Value("still", name), 1e-5);
            Assert.InRange(Value("moving", name), 0, 0.999999);
            // A mean over frames that have one before them: 8 and 10.
            Assert.Equal((8 * Value("still", name) + 10 * Value("moving", name)) / 18, set.Dimensions.Single(score => score.Name == name).Raw, 1e-9);
        }
        Assert.Equal((Value("still", "aesthetic_quality") + Value("moving", "aesthetic_quality")) / 2, set.Dimensions.Single(score => score.Name == "aesthetic_quality").Raw, 1e-9);
        // The other clip has no prompt to be near to.
        Assert.Equal(["still"], set.LeftOut.Single(left => left.Measure == "overall_consistency").Clips);
        Assert.InRange(Value("moving", "overall_consistency"), -1, 1);
        Assert.Equal(Value("moving", "temporal_style"), Value("moving", "overall_consistency"));
        Assert.Equal([PublishedFile.Dino.FileName, PublishedFile.ClipB32.FileName, PublishedFile.ClipL14.FileName, PublishedFile.AestheticHead.FileName, PublishedFile.ViClip.FileName, PublishedFile.ClipMerges.FileName], report.Weights.Select(file => file.Name));
        Assert.All(report.Weights, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
        Assert.Contains(report.NotComputed, missing => missing.Name == "appearance_style" && missing.Reason.Contains("--suite", StringComparison.Ordinal));
        Assert.Null(set.Totals!.Total);
        Assert.NotNull(set.Totals.SubsetQualityMean);
        Assert.Contains(report.Environment, line => line.Name == "networks");
    }

    [Fact]
    public void AppearanceStyle_InASuite_TakesItsTexts()
    {
        _folder.Clip("videos/a ship, oil painting-0.gif", frames: 3);
        _folder.Clip("videos/a ship, pixel art-0.gif", frames: 3);
        var suite = _folder.File("suite.json", """
            [{ "prompt_en": "a ship, oil painting", "dimension": ["appearance_style"], "auxiliary_info": { "appearance_style": { "appearance_style": "oil painting" } } },
             { "prompt_en": "a ship, pixel art", "dimension": ["appearance_style"], "auxiliary_info": { "appearance_style": "pixel art" } }]
            """);
        var set = Run(new EvaluationOptions { VideosFolder = _folder.Videos, SuiteFile = suite, MetricWeights = SmallNetworks.Write(_folder.PathOf("weights")), Dimensions = ["appearance_style"] }).Sets[0];
        var values = set.Clips.Select(clip => Assert.Single(clip.Scores).Value).ToArray();
        // The clips are equal; their texts are not.
        Assert.NotEqual(values[0], values[1], 1e-5);
        Assert.Equal((2, (int?)10), (set.Dimensions.Single().Clips, set.Dimensions.Single().ClipsWanted));
    }

    [Fact]
    public void Run_AgainWithOtherWeights_MeasuresAgain()
    {
        _folder.Clip("videos/moving.gif", speed: 5);
        var options = new EvaluationOptions { VideosFolder = _folder.Videos, MetricWeights = SmallNetworks.Write(_folder.PathOf("weights")), Dimensions = ["subject_consistency"], OutputFolder = _folder.PathOf("out") };
        var first = Run(options).Sets[0].Dimensions.Single().Raw;
        Assert.Equal(first, Run(options).Sets[0].Dimensions.Single().Raw);
        Assert.Single(File.ReadAllLines(_folder.PathOf("out/results.jsonl")));
        var path = _folder.PathOf("weights/dino_vitbase16_pretrain.safetensors");
        var bytes = File.ReadAllBytes(path);
        // Another last weight, and with it another hash.
        bytes[^1] ^= 0x40;
        File.WriteAllBytes(path, bytes);
        Run(options);
        Assert.Equal(2, File.ReadAllLines(_folder.PathOf("out/results.jsonl")).Length);
    }

    [Fact]
    public void Run_WithAFileOfAnotherNetwork_SaysWhatItShouldHold()
    {
        _folder.Clip("videos/a.gif", frames: 2);
        SmallNetworks.Write(_folder.PathOf("weights"));
        File.Copy(_folder.PathOf("weights/sa_0_4_vit_l_14_linear.safetensors"), _folder.PathOf("weights/dino_vitbase16_pretrain.safetensors"), overwrite: true);
        var error = Assert.Throws<ModelFileException>(() => Run(new EvaluationOptions { VideosFolder = _folder.Videos, MetricWeights = _folder.PathOf("weights") }));
        Assert.Contains("the file must hold DINO's vision transformer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithAFileThatDiffersFromThePublishedOne_SaysSo()
    {
        _folder.Clip("videos/a.gif", frames: 2);
        SmallNetworks.Write(_folder.PathOf("weights"));
        // Under the published name it should have the published bytes; the kind of file is told by its contents.
        File.Move(_folder.PathOf("weights/ViT-B-32.safetensors"), _folder.PathOf("weights/ViT-B-32.pt"));
        var report = Run(new EvaluationOptions { VideosFolder = _folder.Videos, MetricWeights = _folder.PathOf("weights"), Dimensions = [.. Consistencies] });
        Assert.Equal([(bool?)null, false], report.Weights.Select(file => file.IsPublished));
    }

    [Fact]
    public void Run_WithMotionNetworks_FiltersStillClipsAndLeavesOutSmallOnes()
    {
        const int width = 136, height = 128;
        byte[] Frame(int t) => [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(i / 3 % width * 3 + i / 3 / width * (t + 1)))];
        _folder.Clip("videos/large.mp4", [Frame(0), Frame(1), Frame(2), Frame(3), Frame(4)], width, height);
        _folder.Clip("videos/small.mp4", frames: 3);
        var weights = Directory.CreateDirectory(_folder.PathOf("weights")).FullName;
        // So small that RAFT sees no motion anywhere.
        SmallNetworks.Write(weights, PublishedFile.Raft, root => new RaftModel(root), 1e-3);
        SmallNetworks.Write(weights, PublishedFile.Amt, root => new AmtModel(root), 0.05);
        SmallNetworks.Write(weights, PublishedFile.Musiq, root => new MusiqModel(root), 0.05);
        string[] names = ["temporal_flickering", "motion_smoothness", "dynamic_degree", "imaging_quality"];
        var set = Run(new EvaluationOptions { VideosFolder = _folder.Videos, MetricWeights = weights, Dimensions = [.. names, Names.FlickeringUnfiltered] }).Sets[0];
        double Value(string name) => set.Clips.Single(clip => clip.Name == "large").Scores.Single(score => score.Dimension == name).Value;
        Assert.Equal(names, set.Dimensions.Select(score => score.Name).Where(names.Contains));
        // The static filter passes the clip, so VBench's dimension is the plain formula over it alone.
        Assert.Equal(Value(Names.FlickeringUnfiltered), set.Dimensions.Single(score => score.Name == "temporal_flickering").Raw);
        Assert.Equal(2, set.Dimensions.Single(score => score.Name == Names.FlickeringUnfiltered).Clips);
        Assert.Equal(0, Value("dynamic_degree"));
        Assert.InRange(Value("motion_smoothness"), 0, 1);
        Assert.Equal(["small"], set.LeftOut.Single(left => left is { Measure: "dynamic_degree", Reason: "frames smaller than 121x121" }).Clips);
        Assert.Equal(["small"], set.LeftOut.Single(left => left.Measure == "motion_smoothness").Clips);
    }

    [Fact]
    public void HumanAction_OfPromptsWithAndWithoutAKnownAction_CountsTheFirst()
    {
        _folder.Clip("videos/A person is riding a bike-0.gif", frames: 3);
        _folder.Clip("videos/A person is inventing a word-0.gif", frames: 3);
        var weights = Directory.CreateDirectory(_folder.PathOf("weights")).FullName;
        SmallNetworks.Write(weights, PublishedFile.Umt, root => new UmtModel(SmallNetworks.Sizes.Umt, root));
        _folder.File($"weights/{PublishedFile.ActionLabels.FileName}", "archery\t0\nriding a bike\t1\nyoga\t2\n");
        var set = Run(new EvaluationOptions { VideosFolder = _folder.Videos, MetricWeights = weights, Dimensions = ["human_action"] }).Sets[0];
        Assert.Equal(["A person is inventing a word-0"], Assert.Single(set.LeftOut).Clips);
        Assert.Equal((1, "share"), (set.Dimensions.Single().Clips, set.Dimensions.Single().Unit));
        Assert.True(set.Dimensions.Single().Raw is 0 or 1);
    }

    [Fact]
    public void Run_WithWeightsThatGiveNoNumbers_NamesThem()
    {
        _folder.Clip("videos/a.gif", frames: 2);
        var weights = Directory.CreateDirectory(_folder.PathOf("weights")).FullName;
        SmallNetworks.Write(weights, PublishedFile.Dino, root => new DinoEncoder(SmallNetworks.Sizes.Dino, root), double.PositiveInfinity);
        var error = Assert.Throws<EvaluationException>(() => Run(new EvaluationOptions { VideosFolder = _folder.Videos, MetricWeights = weights, Dimensions = ["subject_consistency"] }));
        Assert.Contains("subject_consistency of", error.Message, StringComparison.Ordinal);
        Assert.Contains("came out as no number", error.Message, StringComparison.Ordinal);
    }

    private static EvaluationReport Run(EvaluationOptions options) => Evaluator.Run(options, SmallNetworks.Sizes);
}
