using System.Globalization;
using System.Xml.Linq;

namespace XVideo.Bench.Plots;

/// <summary>Lines over two logarithmic axes, as SVG.</summary>
/// <param name="Title">Above the picture.</param>
/// <param name="Subtitle">Below the title, smaller.</param>
/// <param name="XLabel">Below the axis.</param>
/// <param name="YLabel">Beside the axis.</param>
/// <param name="Series">Drawn in this order.</param>
internal sealed record LogChart(string Title, string Subtitle, string XLabel, string YLabel, IReadOnlyList<LogChart.Line> Series)
{
    private const double Width = 860, Height = 540, Left = 76, Top = 78, PlotWidth = 520, PlotHeight = 394;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Told apart by people who see red and green alike. Source: Okabe and Ito 2008, "Color universal design".
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

    // Of the reference lines, in turn.
    private static readonly string[] Dashes = ["8 4", "2 3", "10 3 2 3"];

    /// <summary>One line.</summary>
    /// <param name="Name">In the key.</param>
    /// <param name="Points">At least one; both numbers over 0.</param>
    /// <param name="IsReference">Grey and dashed, without marks.</param>
    public sealed record Line(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsReference = false);

    /// <summary>The picture.</summary>
    /// <exception cref="InvalidOperationException">There are no points.</exception>
    public XDocument Draw()
    {
        (double X, double Y)[] points = [.. Series.SelectMany(line => line.Points)];
        // A little room below, or a line at the bottom would hide in the frame.
        var (xTicks, yTicks) = (Ticks(points.Select(point => point.X)), Ticks(points.SelectMany(point => (double[])[point.Y, 0.95 * point.Y])));
        double X(double value) => Left + (PlotWidth * Share(value, xTicks));
        double Y(double value) => Top + (PlotHeight * (1 - Share(value, yTicks)));
        var picture = new XElement(
            Svg + "svg", Number("width", Width), Number("height", Height), new XAttribute("viewBox", Invariant($"0 0 {Width} {Height}")), new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 13),
            new XElement(Svg + "rect", Number("width", Width), Number("height", Height), new XAttribute("fill", "white")),
            Text(Left, 30, Title, size: 17), Text(Left, 52, Subtitle, size: 12, colour: "#555555"),
            Text(Left + (PlotWidth / 2), Height - 16, XLabel, "middle"),
            Text(20, Top + (PlotHeight / 2), YLabel, "middle", rotates: true));
        foreach (var tick in xTicks) picture.Add(Stroke(X(tick), Top, X(tick), Top + PlotHeight, "#dddddd"), Text(X(tick), Top + PlotHeight + 20, Show(tick), "middle"));
        foreach (var tick in yTicks) picture.Add(Stroke(Left, Y(tick), Left + PlotWidth, Y(tick), "#dddddd"), Text(Left - 9, Y(tick) + 4.5, Show(tick), "end"));
        picture.Add(new XElement(Svg + "rect", Number("x", Left), Number("y", Top), Number("width", PlotWidth), Number("height", PlotHeight), new XAttribute("fill", "none"), new XAttribute("stroke", "#333333")));
        for (var i = 0; i < Series.Count; i++) picture.Add(DrawLine(Series[i], i, X, Y));
        return new XDocument(picture);
    }

    private IEnumerable<XElement> DrawLine(Line line, int number, Func<double, double> x, Func<double, double> y)
    {
        var colour = line.IsReference ? "#888888" : Colours[number % Colours.Length];
        var dash = line.IsReference ? new XAttribute("stroke-dasharray", Dashes[Series.Take(number).Count(other => other.IsReference) % Dashes.Length]) : null;
        var points = line.Points.OrderBy(point => point.X).Select(point => (X: x(point.X), Y: y(point.Y))).ToArray();
        yield return new XElement(
            Svg + "polyline", new XAttribute("points", string.Join(' ', points.Select(point => Invariant($"{point.X:F1},{point.Y:F1}")))), new XAttribute("fill", "none"), new XAttribute("stroke", colour),
            new XAttribute("stroke-width", 2), dash);
        foreach (var point in line.IsReference ? [] : points) yield return Mark(point.X, point.Y, colour);
        var (keyX, keyY) = (Left + PlotWidth + 18, Top + 14 + (22 * number));
        var sample = Stroke(keyX, keyY, keyX + 28, keyY, colour, 2);
        sample.Add(dash);
        yield return sample;
        if (!line.IsReference) yield return Mark(keyX + 14, keyY, colour);
        yield return Text(keyX + 36, keyY + 4.5, line.Name);
    }

    private static double Share(double value, IReadOnlyList<double> ticks) => (Math.Log(value) - Math.Log(ticks[0])) / (Math.Log(ticks[^1]) - Math.Log(ticks[0]));

    // 1, 2 and 5 of each power of ten, from at or below the least value to at or above the greatest; at least two.
    private static IReadOnlyList<double> Ticks(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) throw new InvalidOperationException("A chart needs at least one point.");
        double[] all = [.. from power in Enumerable.Range(-6, 13) from step in (double[])[1, 2, 5] select step * Math.Pow(10, power)];
        const double slack = 1e-9;
        var first = Math.Max(0, Array.FindLastIndex(all, tick => tick <= sorted[0] * (1 + slack)));
        var last = Array.FindIndex(all, tick => tick >= sorted[^1] * (1 - slack)) is var found and >= 0 ? found : all.Length - 1;
        if (first == last) last = Math.Min(last + 1, all.Length - 1);
        return first == last ? all[(first - 1)..] : all[first..(last + 1)];
    }

    private static XElement Stroke(double x1, double y1, double x2, double y2, string colour, double width = 1) => new(
        Svg + "line", Number("x1", x1), Number("y1", y1), Number("x2", x2), Number("y2", y2), new XAttribute("stroke", colour), Number("stroke-width", width));

    private static XElement Mark(double x, double y, string colour) => new(Svg + "circle", Number("cx", x), Number("cy", y), Number("r", 4), new XAttribute("fill", colour));

    private static XElement Text(double x, double y, string text, string anchor = "start", int size = 13, string colour = "#111111", bool rotates = false) => new(
        Svg + "text", Number("x", x), Number("y", y), new XAttribute("text-anchor", anchor), new XAttribute("font-size", size), new XAttribute("fill", colour),
        rotates ? new XAttribute("transform", Invariant($"rotate(-90 {x:F1} {y:F1})")) : null, text);

    private static XAttribute Number(string name, double value) => new(name, value.ToString("0.##", CultureInfo.InvariantCulture));

    private static string Show(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
