using XVideo.Scenes;

namespace XVideo.Judge.Tests;

public sealed class PartsTests
{
    [Fact]
    public void ColorNames_PaletteShadedByATenth_KeepsItsNames()
    {
        foreach (var name in Enum.GetValues<NamedColor>())
        {
            Assert.Equal(name, ColorNames.Of(Palette.Of(name)));
            Assert.Equal(name, ColorNames.Of(Palette.Of(name).Darker(0.1)));
        }
    }

    [Fact]
    public void ColorNames_MiddleGrey_HasNone() => Assert.Null(ColorNames.Of(new(0.5, 0.5, 0.5)));

    [Fact]
    public void Components_DiagonalNeighbours_AreApart()
    {
        var blobs = Components.Take([true, true, false, false, false, true, true, false, false], width: 3, leastArea: 1);

        Assert.Equal([2, 1, 1], blobs.Select(blob => blob.Area).Order().Reverse());
        Assert.Equal((0.5, 0.0), (blobs[0].X, blobs[0].Y));
    }

    [Fact]
    public void Components_Specks_AreLeftOut() => Assert.Empty(Components.Take([true, false, true, true], width: 2, leastArea: 4));

    [Theory]
    [InlineData(new[] { 3, 3, 3, 3, 2 }, 3)]
    [InlineData(new[] { 2, 2, 2, 3, 3, 2 }, 3)]
    [InlineData(new[] { 2, 2, 2, 2, 2, 3 }, 2)]
    [InlineData(new[] { 0, 0, 0, 1 }, null)]
    public void Counting_CountsPerFrame_TouchingThingsDoNotHideOne(int[] counts, int? expected) => Assert.Equal(expected, Counting.Of(counts));

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.12)]
    [InlineData(1.25)]
    public void ShapeNames_BallSmearedByItsFall_IsABall(double stretch) =>
        Assert.Equal(Shape.Ball, NameOf(angle => 1 / Math.Sqrt(Math.Pow(Math.Sin(angle), 2) + Math.Pow(Math.Cos(angle) / stretch, 2))));

    [Fact]
    public void ShapeNames_Hexagon_IsNoSmearedBall() =>
        Assert.Equal(Shape.Hexagon, NameOf(angle => Math.Cos(Math.PI / 6) / Math.Cos(angle % (Math.PI / 3) - Math.PI / 6)));

    [Fact]
    public void Track_SteadyWay_HasItsChangeAndAPerfectFit()
    {
        var track = TrackOf(Enumerable.Range(0, 11).Select(i => 2 - 0.3 * i));

        Assert.Equal(-3, track.Line().Change, 9);
        Assert.Equal(1, track.Line().Fit, 6);
        Assert.Equal(1, track.Restlessness(), 6);
        Assert.Equal(0, track.Turns(0.5));
    }

    [Fact]
    public void Track_Swing_TurnsAsOftenAsItSwings() => Assert.Equal(3, TrackOf(Enumerable.Range(0, 41).Select(i => Math.Sin(i * 0.235))).Turns(0.3));

    [Fact]
    public void Track_Jumble_IsRestlessAndFitsNoLine()
    {
        var values = Enumerable.Range(0, 41).Select(i => (double)i).ToArray();
        new Random(3).Shuffle(values);

        Assert.InRange(TrackOf(values).Restlessness(), 8, 41);
        Assert.InRange(TrackOf(values).Line().Fit, 0, 0.3);
    }

    [Fact]
    public void ShapeNames_StarAtAnyRotation_IsAStar()
    {
        for (var turn = 0; turn < 12; turn++)
        {
            var rotated = Enumerable.Range(0, RadialOutline.RayCount).Select(i => Star((i + 1.7 * turn) * 2 * Math.PI / RadialOutline.RayCount)).ToArray();
            Assert.Equal(Shape.Star, ShapeNames.Of([new(0, 0, 10, rotated)], hollowness: 0, turns: true));
        }
    }

    [Fact]
    public void ShapeNames_OutlineLikeNoShape_HasNoName()
    {
        var spiky = Enumerable.Range(0, RadialOutline.RayCount).Select(i => i % 12 < 6 ? 1.35 : 0.5).ToArray();

        Assert.Null(ShapeNames.Of([new(0, 0, 10, spiky)], hollowness: 0, turns: false));
    }

    [Fact]
    public void ShapeNames_HollowDisc_IsARingAndAHollowStarIsNothing()
    {
        Assert.Equal(Shape.Ring, ShapeNames.Of([new(0, 0, 10, [.. Enumerable.Repeat(1.0, RadialOutline.RayCount)])], hollowness: 1, turns: false));
        var star = Enumerable.Range(0, RadialOutline.RayCount).Select(i => Star(i * 2 * Math.PI / RadialOutline.RayCount)).ToArray();
        Assert.Null(ShapeNames.Of([new(0, 0, 10, star)], hollowness: 1, turns: false));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(-4)]
    public void TurnMeter_TurningSquare_SumsItsDegrees(double perFrame)
    {
        var frames = Enumerable.Range(0, 41).Select(t => Enumerable.Range(0, RadialOutline.RayCount)
            .Select(i => Square((i * 360.0 / RadialOutline.RayCount - perFrame * t) * Math.PI / 180)).ToArray()).ToArray();

        Assert.InRange(TurnMeter.Of(frames), 40 * perFrame - 12, 40 * perFrame + 12);
    }

    [Fact]
    public void Film_LargerPicture_IsAveragedToTheUnit()
    {
        var frame = new byte[800 * 600 * 3];
        frame.AsSpan(0, frame.Length / 2).Fill(200);

        var film = Film.Of(new(800, 600, [.. Enumerable.Repeat(frame, 9)]));

        Assert.Equal((256, 192), (film.Width, film.Height));
        Assert.Equal(200, film.Frames[0][0]);
        Assert.Equal(0, film.Frames[0][^1]);
    }

    private static Track TrackOf(IEnumerable<double> values)
    {
        var (track, all) = (new Track(), values.ToArray());
        foreach (var (i, value) in all.Index())
        {
            track.Add((double)i / (all.Length - 1), value);
        }

        return track;
    }

    /// <summary>Distance to the edge of a five-pointed star, inner corners at 0.45.</summary>
    private static double Star(double angle)
    {
        var fold = Math.Abs((angle * 5 / (2 * Math.PI) + 100.5) % 1 - 0.5) * 2 * Math.PI / 5;
        var edge = Math.Atan2(1 - 0.45 * Math.Cos(Math.PI / 5), 0.45 * Math.Sin(Math.PI / 5));
        return 1.5 * Math.Cos(edge) / Math.Cos(fold - edge);
    }

    private static double Square(double angle) => 0.886 / Math.Max(Math.Abs(Math.Cos(angle)), Math.Abs(Math.Sin(angle)));

    private static Shape? NameOf(Func<double, double> radius)
    {
        var rays = Enumerable.Range(0, RadialOutline.RayCount).Select(i => radius(2 * Math.PI * i / RadialOutline.RayCount)).ToArray();
        var size = Math.Sqrt(rays.Average(ray => ray * ray));
        return ShapeNames.Of([new RadialOutline(0, 0, size, [.. rays.Select(ray => ray / size)])], hollowness: 0, turns: false);
    }
}
