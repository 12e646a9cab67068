using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Measures;
using XVideo.Evaluation.Results;
using XVideo.Evaluation.Scoring;
using XVideo.Metrics;

namespace XVideo.Evaluation.Tests;

public sealed class SuiteTests : IDisposable
{
    private const string Suite = """
        [
          { "prompt_en": "a fish", "dimension": ["subject_consistency", "dynamic_degree"] },
          { "prompt_en": "a house", "dimension": ["temporal_flickering"] },
          { "prompt_en": "the beach, oil painting", "dimension": ["appearance_style"], "auxiliary_info": { "appearance_style": { "appearance_style": "oil painting" } } },
          { "prompt_en": "the beach, oil painting", "dimension": ["overall_consistency"] },
          { "prompt_en": "a tree", "dimension": ["appearance_style"], "auxiliary_info": { "appearance_style": "pixel art" } }
        ]
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_PromptThatIsThereTwice_HasTheDimensionsOfBoth()
    {
        var suite = Read();
        Assert.Equal(4, suite.Entries.Count);
        var beach = suite.Find("the beach, oil painting")!;
        Assert.Equal(["appearance_style", "overall_consistency"], beach.Dimensions.Order());
        Assert.Equal(("oil painting", "pixel art", (string?)null), (beach.Style, suite.Find("a tree")!.Style, suite.Find("a fish")!.Style));
        Assert.Null(suite.Find("A fish"));
    }

    [Theory]
    [InlineData("[]", "has no prompts")]
    [InlineData("{}", "no VBench suite")]
    [InlineData("[{ \"prompt\": \"x\" }]", "no VBench suite")]
    [InlineData("[", "no VBench suite")]
    public void Read_AnotherFile_IsRefused(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<EvaluationException>(() => VBenchSuite.Read(_folder.File("suite.json", text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Counting_InASuite_TakesFiveClipsOfItsPrompts()
    {
        var suite = Read();
        var clips = Enumerable.Range(0, 7).Select(k => Values(suite, "a fish", k, new MeasuredValue("subject_consistency", 0.1 * k)))
            .Append(Values(suite, "a stranger", 0, new MeasuredValue("subject_consistency", 1))).ToArray();
        var scores = Counting.Scores(clips, [DimensionCatalog.Get("subject_consistency")], suite);
        Assert.Equal([true, true, true, true, true, false, false, false], scores.Select(clip => Assert.Single(clip).Counts));
        Assert.Equal(5, Counting.Wanted(suite, DimensionCatalog.Get("subject_consistency")));
        Assert.Null(Counting.Wanted(suite, DimensionCatalog.Get(Names.FlowMagnitude)));
    }

    [Fact]
    public void Counting_OfFlickering_TakesTheFirstFiveStillClipsOfAPrompt()
    {
        var suite = Read();
        var clips = Enumerable.Range(0, 12).Select(k => Values(suite, "a house", k, new MeasuredValue(Names.FlickeringUnfiltered, 0.9), new MeasuredValue(Names.IsStatic, k % 2))).ToArray();
        var scores = Counting.Scores(clips, [DimensionCatalog.Get(Names.Flickering)], suite);
        Assert.Equal([1, 3, 5, 7, 9], scores.Index().Where(clip => Assert.Single(clip.Item).Counts).Select(clip => clip.Index));
        var unlimited = Counting.Scores(clips, [DimensionCatalog.Get(Names.Flickering)], null);
        Assert.Equal(6, unlimited.Count(clip => Assert.Single(clip).Counts));
    }

    [Fact]
    public void Counting_OfFlickeringWithoutTheFilter_HasNoVBenchScore()
    {
        var clip = Values(Read(), "a house", 0, new MeasuredValue(Names.FlickeringUnfiltered, 0.9));
        Assert.Equal(Names.FlickeringUnfiltered, Assert.Single(Counting.Scores([clip], DimensionCatalog.All, null)[0]).Dimension);
    }

    [Fact]
    public void Run_OfASuite_MeasuresItsPromptsAloneAndListsTheOthers()
    {
        _folder.Clip("videos/a fish-0.gif", prompt: "a very long rewritten prompt of a fish");
        _folder.Clip("videos/a house-1.gif");
        _folder.Clip("videos/a ship-0.gif");
        var report = Evaluator.Run(new EvaluationOptions
        {
            VideosFolder = _folder.Videos, SuiteFile = _folder.File("suite.json", Suite), Dimensions = ["subject_consistency", "temporal_flickering", "optical_flow_magnitude"],
        });
        Assert.StartsWith("VBench suite suite.json: 4 prompts", report.Input);
        Assert.Equal("a fish", report.Sets[0].Clips.Single(clip => clip.Name == "a fish-0").Prompt);
        Assert.Equal(["a ship-0"], report.Sets[0].LeftOut.Single(left => left.Measure == "suite").Clips);
        // Our own measures were asked for by name, so they take all clips.
        var flow = Assert.Single(report.Sets[0].Dimensions);
        Assert.Equal((Names.FlowMagnitude, 3, (int?)null), (flow.Name, flow.Clips, flow.ClipsWanted));
        Assert.Null(report.Sets[0].Totals);
        Assert.Equal(["subject_consistency", "temporal_flickering"], report.NotComputed.Select(missing => missing.Name));
        Assert.Contains("dino_vitbase16_pretrain.pth", report.NotComputed[0].Files.Single(), StringComparison.Ordinal);
        Assert.Contains("raft-things.pth", report.NotComputed[1].Files.Single(), StringComparison.Ordinal);
    }

    private VBenchSuite Read() => VBenchSuite.Read(_folder.File("suite.json", Suite));

    private static ClipValues Values(VBenchSuite suite, string prompt, int k, params MeasuredValue[] values) =>
        new(new ClipFacts(new VideoClip($"{prompt}-{k}", "x", prompt, PromptOrigin.FileName, k), "0", new FrameSize(8, 8), 2, 8, suite.Find(prompt)), values);
}
