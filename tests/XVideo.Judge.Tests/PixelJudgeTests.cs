using XVideo.Scenes;

namespace XVideo.Judge.Tests;

/// <summary>Videos made wrong on purpose in one attribute: that aspect fails, the others stay right.</summary>
public sealed class PixelJudgeTests
{
    private static readonly SceneAttributes Star = new()
    {
        Motion = Motion.Right, Shape = Shape.Star, Color = NamedColor.Red, Size = SizeClass.Small, Speed = Speed.Fast, Backdrop = Backdrop.Cream,
    };

    private static readonly SceneAttributes Three = new()
    {
        Motion = Motion.Float, Count = 3, Shape = Shape.Heart, Color = NamedColor.Blue, Size = SizeClass.Small, Backdrop = Backdrop.White,
    };

    public static TheoryData<Aspect, string> Changes => new()
    {
        { Aspect.Color, "orange" }, { Aspect.Color, "purple" }, { Aspect.Shape, "hexagon" }, { Aspect.Shape, "diamond" },
        { Aspect.Motion, "upright" }, { Aspect.Motion, "left" }, { Aspect.Background, "white" }, { Aspect.Background, "mint" },
        { Aspect.Size, "large" }, { Aspect.Speed, "slow" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Look_OneAttributeOfAMovingShapeIsWrong_OnlyThatAspectFails(Aspect aspect, string value)
    {
        var wrong = aspect switch
        {
            Aspect.Color => Star with { Color = Enum.Parse<NamedColor>(value, ignoreCase: true) },
            Aspect.Shape => Star with { Shape = Enum.Parse<Shape>(value, ignoreCase: true) },
            Aspect.Motion => Star with { Motion = Enum.Parse<Motion>(value, ignoreCase: true) },
            Aspect.Background => Star with { Backdrop = Enum.Parse<Backdrop>(value, ignoreCase: true) },
            Aspect.Size => Star with { Size = Enum.Parse<SizeClass>(value, ignoreCase: true) },
            _ => Star with { Speed = Enum.Parse<Speed>(value, ignoreCase: true) },
        };
        var family = Clips.Family<MovingShape>();
        var verdicts = PixelJudge.Compare(PixelJudge.Look(Clips.Of(family, wrong), family), Expected(family));

        var failed = Assert.Single(verdicts, verdict => !verdict.IsRight);
        Assert.Equal((aspect, value), (failed.Aspect, failed.Seen));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Look_OtherCount_IsSeen(int count)
    {
        var family = Clips.Family<CountedShapes>();
        var seen = PixelJudge.Look(Clips.Of(family, Three with { Count = count }), family).Seen;

        Assert.Equal($"{count}", seen[Aspect.Count]);
        Assert.Equal("heart", seen[Aspect.Shape]);
    }

    [Theory]
    [InlineData(384, 288)]
    [InlineData(320, 240)]
    [InlineData(208, 160)]
    public void Look_OtherPictureSize_ReadsTheSame(int width, int height)
    {
        foreach (var family in (SceneFamily[])[Clips.Family<TwoShapes>(), Clips.Family<Car>(), Clips.Family<Precipitation>()])
        {
            var scene = SceneGrammar.Sample(family, 5, 1, Split.HeldOut);
            Assert.Equal(Text(Clips.Of(scene), family), Text(Clips.Of([scene], height, width)[0], family));
        }
    }

    [Fact]
    public void Look_FrameOfWrongLength_SaysWhichAndWhatItShouldBe()
    {
        var clip = new Clip(32, 24, [.. Enumerable.Range(0, 10).Select(i => new byte[i == 7 ? 5 : 32 * 24 * 3])]);

        var error = Assert.Throws<ArgumentException>(() => PixelJudge.Look(clip, SceneFamily.All[0]));

        Assert.Contains("Frame 7 has 5 bytes", error.Message);
        Assert.Contains("2304", error.Message);
    }

    [Theory]
    [InlineData(8, 24, 10)]
    [InlineData(32, 24, 3)]
    public void Look_ClipTooSmallOrShort_IsRefused(int width, int height, int frames)
    {
        var clip = new Clip(width, height, [.. Enumerable.Range(0, frames).Select(_ => new byte[width * height * 3])]);

        Assert.Contains("cannot be judged", Assert.Throws<ArgumentException>(() => PixelJudge.Look(clip, SceneFamily.All[0])).Message);
    }

    private static string Text(Clip clip, SceneFamily family) =>
        string.Join(' ', PixelJudge.Look(clip, family).Seen.OrderBy(seen => seen.Key).Select(seen => $"{seen.Key}={seen.Value}"));

    private static Expectation Expected(SceneFamily family) => new(family, new Dictionary<Aspect, string>
    {
        [Aspect.Color] = "red", [Aspect.Shape] = "star", [Aspect.Motion] = "right", [Aspect.Background] = "cream", [Aspect.Size] = "small", [Aspect.Speed] = "fast",
    });
}
