using TorchSharp;
using XVideo.Scenes;
using static TorchSharp.torch;

namespace XVideo.Scenes.Tests;

public sealed class SceneTests
{
    public static TheoryData<int> Families => [.. Enumerable.Range(0, SceneFamily.All.Count)];

    [Fact]
    public void All_HasTheFamiliesThatTheDefaultModelPromises() => Assert.InRange(SceneFamily.All.Count, 12, 100);

    [Theory]
    [MemberData(nameof(Families))]
    public void Sample_EitherSplit_NeverCrossesOver(int family)
    {
        for (var i = 0; i < 300; i++)
        {
            var train = SceneGrammar.Sample(SceneFamily.All[family], 3, i, Split.Train);
            var heldOut = SceneGrammar.Sample(SceneFamily.All[family], 3, i, Split.HeldOut);
            Assert.False(SceneGrammar.IsHeldOut(train.Family, train.Attributes));
            Assert.True(SceneGrammar.IsHeldOut(heldOut.Family, heldOut.Attributes));
        }
    }

    [Fact]
    public void Sample_SameSeedAndIndex_IsTheSameScene()
    {
        var captions = Enumerable.Range(0, 200).Select(i => SceneGrammar.Sample(11, i, Split.Train).Caption).ToArray();

        Assert.Equal(captions, Enumerable.Range(0, 200).Select(i => SceneGrammar.Sample(11, i, Split.Train).Caption));
        Assert.NotEqual(captions, Enumerable.Range(0, 200).Select(i => SceneGrammar.Sample(12, i, Split.Train).Caption));
    }

    [Fact]
    public void Reword_SeveralNumbers_GivesDifferentCaptionsAndEachAgain()
    {
        var scenes = Enumerable.Range(0, 100).Select(i => SceneGrammar.Sample(5, i, Split.Train)).ToArray();

        Assert.All(scenes, scene => Assert.Equal(SceneGrammar.Reword(scene, 3), SceneGrammar.Reword(scene, 3)));
        Assert.InRange(scenes.Average(scene => Enumerable.Range(1, 8).Select(number => SceneGrammar.Reword(scene, number)).Distinct().Count()), 5, 8);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Sample_HeldOut_DiffersWithinEveryFamily(int family) =>
        Assert.InRange(
            Enumerable.Range(0, 300).Select(i => SceneGrammar.Sample(SceneFamily.All[family], 77, i, Split.HeldOut).Attributes.WholeCombination).Distinct().Count(), 5, 300);

    [Fact]
    public void Sample_ManyCaptions_AreMostlyDistinctShortAndOfAFewWords()
    {
        var captions = Enumerable.Range(0, 80_000).Select(i => SceneGrammar.Sample(1, i, Split.Train).Caption).ToArray();
        var words = captions.SelectMany(caption => caption.Split(' ')).Distinct().Count();

        Assert.InRange(captions.Distinct().Count(), 50_000, 80_000);
        Assert.InRange(words, 100, 600);
        Assert.InRange(captions.Max(caption => caption.Split(' ').Length), 8, 32);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Render_AnyFamily_MovesWithinRangeAndDoesNotDependOnTheBatch(int family)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var scene = SceneGrammar.Sample(SceneFamily.All[family], 5, 2, Split.Train);
        var other = SceneGrammar.Sample(5, 77, Split.Train);

        var alone = SceneRenderer.Render([scene], 5, 48, 64, CPU);
        var together = SceneRenderer.Render([other, scene], 5, 48, 64, CPU);

        Assert.Equal([1, 3, 5, 48, 64], alone.shape);
        Assert.InRange(alone.abs().max().ToSingle(), 0.05f, 1.0001f);
        Assert.InRange((alone.select(2, 0) - alone.select(2, 4)).abs().max().ToSingle(), 0.02f, 2.001f);
        Assert.InRange((alone - together.narrow(0, 1, 1)).abs().max().ToSingle(), 0, 1e-4f);
    }
}
