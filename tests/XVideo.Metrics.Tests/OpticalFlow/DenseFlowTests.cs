using XVideo.Metrics.OpticalFlow;

namespace XVideo.Metrics.Tests.OpticalFlow;

public sealed class DenseFlowTests
{
    private const int Width = 256, Height = 192;

    public static TheoryData<double, double, double> Shifts { get; } = new()
    {
        // Measured 0.001 to 0.008 pixels.
        { 0.4, -0.3, 0.03 },
        { 3, 2, 0.03 },
        { -7.5, 4.25, 0.03 },
        { 24, -10, 0.03 },
    };

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Estimate_ShiftedTexture_FindsTheShift(double x, double y, double most) =>
        AssertError(most, (px, py) => (px - x, py - y), (_, _) => (x, y));

    [Theory]
    [InlineData(1, 0.05)]    // measured 0.024
    [InlineData(-6, 0.15)]   // measured 0.081
    public void Estimate_RotatedTexture_FindsTheRotation(double degrees, double most)
    {
        var (cos, sin) = (Math.Cos(degrees * Math.PI / 180), Math.Sin(degrees * Math.PI / 180));
        (double X, double Y) Rotate(double px, double py, double s) => (Width / 2.0 + cos * (px - Width / 2.0) - s * (py - Height / 2.0), Height / 2.0 + s * (px - Width / 2.0) + cos * (py - Height / 2.0));
        AssertError(most, (px, py) => Rotate(px, py, -sin), (px, py) => (Rotate(px, py, sin).X - px, Rotate(px, py, sin).Y - py));
    }

    [Theory]
    [InlineData(1.02, 0.06)]   // measured 0.030
    [InlineData(0.92, 0.15)]   // measured 0.094
    public void Estimate_ZoomedTexture_FindsTheZoom(double factor, double most) =>
        AssertError(most, (px, py) => (Width / 2.0 + (px - Width / 2.0) / factor, Height / 2.0 + (py - Height / 2.0) / factor), (px, py) => ((factor - 1) * (px - Width / 2.0), (factor - 1) * (py - Height / 2.0)));

    [Fact]
    public void Estimate_DiscOverAStillBackground_KeepsTheEdge()
    {
        // A disc of radius 40 moves by (8, 0).
        (double X, double Y) Source(double px, double py, double shift) => IsDisc(px - shift, py) ? (px - shift + 1000, py) : (px, py);
        var flow = DenseFlow.Estimate(MovingPicture.Of(Width, Height, (px, py) => Source(px, py, 0)), MovingPicture.Of(Width, Height, (px, py) => Source(px, py, 8)));
        var inside = MovingPicture.EndpointError(flow, (_, _) => (8, 0), (px, py) => IsDisc(px, py));
        // What the disc will hide has no true motion.
        var outside = MovingPicture.EndpointError(flow, (_, _) => (0, 0), (px, py) => !IsDisc(px, py) && !IsDisc(px - 8, py));
        Assert.True(inside < 0.25 && outside < 0.05, $"error {inside:0.000} px inside the disc, {outside:0.000} outside");
    }

    [Fact]
    public void Estimate_FlatDiscOnFlatGround_MovesTheDiscAndNotTheGround()
    {
        // Only the rim says anything, as in the default model's scenes.
        static float Level(double px, double py, double shift) => (float)(60 + 140 * Math.Clamp(40.5 - Math.Sqrt(Math.Pow(px - shift - 110, 2) + Math.Pow(py - 96, 2)), 0, 1));
        GrayImage Disc(double shift) => new(Width, Height, [.. Enumerable.Range(0, Width * Height).Select(i => MathF.Round(Level(i % Width, i / Width, shift)))]);
        var flow = DenseFlow.Estimate(Disc(0), Disc(5));
        var inside = MovingPicture.EndpointError(flow, (_, _) => (5, 0), (px, py) => Math.Pow(px - 110, 2) + Math.Pow(py - 96, 2) < 36 * 36);
        var outside = MovingPicture.EndpointError(flow, (_, _) => (0, 0), (px, py) => !IsDisc(px, py) && !IsDisc(px - 5, py));
        // Measured 0.74 and 0.47; without the weight of stillness the whole ground would go along.
        Assert.True(inside < 1.2 && outside < 0.8, $"error {inside:0.000} px inside the disc, {outside:0.000} outside");
    }

    [Fact]
    public void Estimate_EqualPictures_IsStill()
    {
        var picture = MovingPicture.Of(61, 47, (px, py) => (px, py));
        var flow = DenseFlow.Estimate(picture, picture);
        Assert.All(flow.X.Concat(flow.Y), length => Assert.Equal(0, length, 1e-6));
    }

    [Fact]
    public void Estimate_SmallOrFlatPictures_HasNoNaN()
    {
        foreach (var (width, height) in ((int, int)[])[(16, 16), (17, 90), (3, 5), (1, 1)])
        {
            var flow = DenseFlow.Estimate(new(width, height, Enumerable.Repeat(10f, width * height).ToArray()), new(width, height, Enumerable.Repeat(250f, width * height).ToArray()));
            Assert.All(flow.X.Concat(flow.Y), length => Assert.Equal(0, length));
        }
    }

    [Fact]
    public void Estimate_PicturesOfTwoSizes_AreRefused() =>
        Assert.Contains("got 2x1 and 1x2", Assert.Throws<ArgumentException>(() => DenseFlow.Estimate(new(2, 1, new float[2]), new(1, 2, new float[2]))).Message);

    private static bool IsDisc(double x, double y) => Math.Pow(x - 110, 2) + Math.Pow(y - 96, 2) < 40 * 40;

    private static void AssertError(double most, Func<double, double, (double X, double Y)> source, Func<int, int, (double X, double Y)> truth)
    {
        var flow = DenseFlow.Estimate(MovingPicture.Of(Width, Height, (x, y) => (x, y)), MovingPicture.Of(Width, Height, source));
        var error = MovingPicture.EndpointError(flow, truth);
        Assert.True(error < most, $"mean endpoint error {error:0.000} px; at most {most} is expected");
    }
}
