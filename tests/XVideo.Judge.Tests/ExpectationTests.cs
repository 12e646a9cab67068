using XVideo.Scenes;

namespace XVideo.Judge.Tests;

public sealed class ExpectationTests
{
    [Theory]
    [InlineData(Split.Train)]
    [InlineData(Split.HeldOut)]
    public void Read_AnyCaption_SaysWhatTheSceneSays(Split split)
    {
        for (var i = 0; i < 8000; i++)
        {
            var scene = SceneGrammar.Sample(19, i, split);
            Assert.Equal(Text(Expectation.Of(scene)), $"{Text(Expectation.Read(scene.Caption))}");
        }
    }

    [Fact]
    public void Read_RewordedCaption_ContradictsNothingOfTheScene()
    {
        for (var i = 0; i < 1000; i++)
        {
            var scene = SceneGrammar.Sample(23, i, Split.HeldOut);
            var expected = Expectation.Of(scene).Asked;
            for (var number = 1; number <= 4; number++)
            {
                var reworded = SceneGrammar.Reword(scene, number);
                var read = Expectation.Read(reworded);
                Assert.Same(scene.Family, read?.Family);
                foreach (var (aspect, value) in read!.Asked)
                    if (expected.TryGetValue(aspect, out var said)) Assert.True(said == value, $"{scene.Caption} | {reworded}: {aspect} {said} | {value}");
            }
        }
    }

    [Fact]
    public void Read_ExamplePrompts_FindTheirFamilyAndMostOfWhatTheySay()
    {
        foreach (var family in SceneFamily.All)
        {
            foreach (var prompt in family.ExamplePrompts)
            {
                var expected = Expectation.Read(prompt);
                Assert.Same(family, expected?.Family);
                Assert.True(expected!.Asked.Count(asked => PixelJudge.CanRead(family, asked.Key)) >= 2, prompt);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello world")]
    [InlineData("a dog runs through the park")]
    [InlineData("something red, 3 times, to the left")]
    public void Read_ForeignText_IsNull(string prompt) => Assert.Null(Expectation.Read(prompt));

    [Fact]
    public void Read_PromptWithForeignWords_KeepsWhatIsKnown() =>
        Assert.Equal("moving shape Color=red Shape=star Motion=upleft Background=darkblue",
            Text(Expectation.Read("A shiny RED star, please: flying diagonally up to the left over a dark blue background!")));

    [Fact]
    public void Read_InversePair_NamesTheLeftOneFirst() =>
        Assert.Equal("two shapes Color=blue SecondColor=red Shape=square SecondShape=ball Motion=apart Relation=leftof",
            Text(Expectation.Read("a red ball to the right of a blue square, they move apart")));

    [Fact]
    public void Of_CaptionWithoutAnAttribute_DoesNotAskForIt()
    {
        var scene = Enumerable.Range(0, 500).Select(i => SceneGrammar.Sample(Clips.Family<MovingShape>(), 4, i, Split.Train)).First(one => !one.Mentioned.Contains("backdrop"));

        Assert.NotNull(scene.Attributes.Backdrop);
        Assert.DoesNotContain(Aspect.Background, Expectation.Of(scene).Asked.Keys);
    }

    private static string Text(Expectation? expected) =>
        expected is null ? "null" : string.Join(' ', expected.Asked.OrderBy(asked => asked.Key).Select(asked => $"{asked.Key}={asked.Value}").Prepend(expected.Family.Name));
}
