using XVideo.Scenes;

namespace XVideo.Judge.Tests;

public sealed class CompareTests
{
    private static readonly SceneFamily Pair = Clips.Family<TwoShapes>();

    [Fact]
    public void Compare_AspectThatWasNotRead_IsWrong()
    {
        var verdict = Assert.Single(PixelJudge.Compare(new(new Dictionary<Aspect, string>()), Asked(Pair, (Aspect.Motion, "apart"))));

        Assert.False(verdict.IsRight);
        Assert.Null(verdict.Seen);
    }

    [Fact]
    public void Compare_AspectTheJudgeCannotRead_HasNoVerdict() =>
        Assert.Empty(PixelJudge.Compare(new(new Dictionary<Aspect, string>()), Asked(Pair, (Aspect.Weather, "rain"))));

    [Fact]
    public void Compare_AspectThatIsNotAsked_HasNoVerdict() =>
        Assert.Single(PixelJudge.Compare(Seen("red", "blue", "leftof"), Asked(Pair, (Aspect.Color, "red"))));

    [Fact]
    public void Compare_PairTheOtherWayRound_HasWrongRelationButRightColors()
    {
        var verdicts = PixelJudge.Compare(Seen("blue", "red", "leftof"), Asked(Pair, (Aspect.Color, "red"), (Aspect.SecondColor, "blue"), (Aspect.Relation, "leftof")));

        Assert.Equal([true, true, false], verdicts.Select(verdict => verdict.IsRight));
        Assert.Equal("rightof", verdicts[2].Seen);
    }

    [Fact]
    public void Compare_PairTheOtherWayRoundWithoutAskedRelation_IsRight() =>
        Assert.All(PixelJudge.Compare(Seen("blue", "red", "above"), Asked(Pair, (Aspect.Color, "red"), (Aspect.SecondColor, "blue"))), verdict => Assert.True(verdict.IsRight));

    [Fact]
    public void Compare_OneWrongColor_IsNotExcusedBySwapping()
    {
        var verdicts = PixelJudge.Compare(Seen("red", "green", "leftof"), Asked(Pair, (Aspect.Color, "red"), (Aspect.SecondColor, "blue"), (Aspect.Relation, "leftof")));

        Assert.Equal([true, false, true], verdicts.Select(verdict => verdict.IsRight));
    }

    [Fact]
    public void CanRead_AspectsThatEveryFamilyAsksFor_AreRead()
    {
        foreach (var scene in Enumerable.Range(0, 2000).Select(i => SceneGrammar.Sample(8, i, Split.HeldOut)))
        {
            Assert.All(Expectation.Of(scene).Asked.Keys, aspect => Assert.True(PixelJudge.CanRead(scene.Family, aspect), $"{scene.Family.Name}: {aspect}"));
        }
    }

    private static Reading Seen(string color, string secondColor, string relation) =>
        new(new Dictionary<Aspect, string> { [Aspect.Color] = color, [Aspect.SecondColor] = secondColor, [Aspect.Relation] = relation });

    private static Expectation Asked(SceneFamily family, params (Aspect Aspect, string Value)[] asked) => new(family, asked.ToDictionary(one => one.Aspect, one => one.Value));
}
