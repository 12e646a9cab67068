using XVideo.Evaluation.Results;
using XVideo.Scenes;

namespace XVideo.Evaluation.Tests;

public sealed class JudgeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Judge_OfRenders_IsRightAndOfReversedOnesSeesTheOtherDirection()
    {
        // Captions that say a direction, so that running them backwards is wrong.
        var scenes = Enumerable.Range(0, 40).Select(i => SceneGrammar.Sample(SceneFamily.All.Single(family => family.Name == "moving shape"), 5, i, Split.HeldOut))
            .Where(scene => scene.Mentioned.Contains("motion") && scene.Mentioned.Contains("color") && scene.Mentioned.Contains("shape")).Take(3).ToArray();
        foreach (var (at, scene) in scenes.Index())
        {
            var frames = TestFolder.Render(scene);
            _folder.Clip($"videos/{at}.mp4", frames, 256, 192, scene.Caption);
            _folder.Clip($"reversed/{at}.mp4", [.. frames.Reverse()], 256, 192, scene.Caption);
        }
        var report = Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos, AgainstFolder = _folder.PathOf("reversed"), Dimensions = ["pixel_judge"] });
        Assert.All(report.Sets[0].Dimensions, score => Assert.Equal((score.Name, 1.0, "pixelJudge"), (score.Name, score.Raw, score.Kind)));
        double Reversed(string name) => report.Sets[1].Dimensions.Single(score => score.Name == name).Raw;
        Assert.Equal(0, Reversed("judge_motion"));
        Assert.Equal(0, Reversed(Names.JudgeAll));
        Assert.Equal((1.0, 1.0), (Reversed("judge_colour"), Reversed("judge_shape")));
        var verdict = report.Sets[1].Clips[0].Scores.Single(score => score.Dimension == "judge_motion");
        Assert.Matches("^asked \\w+, saw \\w+$", verdict.Note);
        Assert.Equal("metadata", report.Sets[0].Clips[0].PromptOrigin);
    }

    [Fact]
    public void Judge_OfAPromptThatItCannotRead_CountsAndListsTheClip()
    {
        _folder.Clip("videos/a street in Paris at night-0.gif");
        _folder.Clip("videos/nameless.gif");
        var report = Evaluator.Run(new EvaluationOptions { VideosFolder = _folder.Videos });
        Assert.Equal(["a street in Paris at night-0"], report.Sets[0].LeftOut.Single(left => left.Reason == "a prompt that the pixel judge cannot read").Clips);
        Assert.Equal(["nameless"], report.Sets[0].LeftOut.Single(left => left.Reason == "no prompt").Clips);
        Assert.DoesNotContain(report.Sets[0].Dimensions, score => score.Kind == "pixelJudge");
    }

    [Fact]
    public void Judge_OfALongLargeClip_LooksAtFewSmallFrames()
    {
        var scene = SceneGrammar.Sample(SceneFamily.All.Single(family => family.Name == "moving shape"), 5, 1, Split.HeldOut);
        var facts = new Clips.ClipFacts(new Clips.VideoClip("a", "a", scene.Caption), "", new Metrics.FrameSize(512, 384), 540, 24, null);
        using var meter = new Measures.JudgeMeasure().Begin(facts);
        var renders = TestFolder.Render(scene);
        // Every frame of the render some 13 times, twice as large.
        foreach (var frames in Enumerable.Range(0, 540).Select(t => Doubled(renders[t * renders.Count / 540])).Chunk(8))
        {
            using var batch = new Measures.FrameBatch(facts.Size, frames, null);
            meter.Add(batch);
        }
        Assert.Equal(1, meter.Values().Single(value => value.Dimension == "judge_motion").Value);
    }

    private static byte[] Doubled(byte[] frame)
    {
        var doubled = new byte[4 * frame.Length];
        for (var i = 0; i < doubled.Length; i++)
        {
            var (row, column, channel) = (i / 3 / 512, i / 3 % 512, i % 3);
            doubled[i] = frame[((row / 2 * 256) + (column / 2)) * 3 + channel];
        }
        return doubled;
    }
}
