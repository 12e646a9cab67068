using System.Globalization;
using System.Xml.Linq;
using XVideo.Comparison.Grid;
using XVideo.Comparison.Results;

namespace XVideo.Comparison.Plots;

/// <summary>PSNR over density as SVG: a colour for each method, a shape for each warm-up, the 95 % interval through each mark. Readable on light and dark ground.</summary>
public static class FidelityPlot
{
    private const double Width = 720, Height = 490, Left = 46, Right = 700, Top = 84, Bottom = 436;
    private const string Ink = "#6e7781";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Over 3:1 against white and against near black, and apart for people who see red and green alike.
    private static readonly string[] Colours = ["#2f7ad1", "#d9730d", "#1a9e6b", "#b45cc4", "#8b7500"];

    // A circle, a triangle, a square and a diamond, each about as large; drawn from the middle.
    private static readonly string[] Shapes = ["m-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0z", "m0,-5.5l5.2,9.5h-10.4z", "m-4,-4h8v8h-8z", "m0,-6l5,6l-5,6l-5,-6z"];

    /// <summary>The picture; <see langword="null"/> when fewer than two settings have a density and a finite PSNR, as in a comparison of files.</summary>
    public static string? Draw(ComparisonReport report)
    {
        var isRaw = report.Arms.Any(arm => arm.Raw.ContainsKey("psnr"));
        var marks = report.Arms.Where(arm => !IsFloor(arm)).Select(arm => Mark.Of(arm, isRaw)).OfType<Mark>().ToArray();
        if (marks.Length < 2) return null;
        var across = new LinearAxis([.. marks.Select(mark => mark.Density)], Left, Right, 8);
        var up = new LinearAxis([.. marks.SelectMany(mark => (double[])[mark.Psnr.Low, mark.Psnr.High])], Bottom, Top, 7);
        string[] methods = [.. marks.Select(mark => mark.Method).Distinct()], warmups = [.. marks.Select(mark => mark.Warmup).Distinct()];
        var picture = new XElement(
            Svg + "svg", new XAttribute("viewBox", Invariant($"0 0 {Width} {Height}")), Number("width", Width), Number("height", Height), new XAttribute("font-family", "sans-serif"), Number("font-size", 15),
            new XAttribute("fill", Ink), new XElement(Svg + "title", $"PSNR over density: {report.Title}"),
            Key(18, methods.Select(method => (method, Shapes[0], Colour(methods, method)))),
            warmups is [_] ? null : Key(41, warmups.Select(warmup => (Words(warmup), Shape(warmups, warmup), Ink))),
            Axes(across, up), Floor(report.Arms.Where(IsFloor).Select(arm => Psnr(arm, isRaw)).FirstOrDefault()?.Mean, up),
            Text(Left - 36, Bottom + 44, $"means over {report.Arms.Max(arm => arm.Clips)} clips"),
            marks.GroupBy(mark => (mark.Method, mark.Warmup)).Select(line => Line([.. line.OrderBy(mark => mark.Density)], Colour(methods, line.Key.Method), Shape(warmups, line.Key.Warmup), across, up)));
        return picture.ToString(SaveOptions.DisableFormatting).Replace("><", ">\n<", StringComparison.Ordinal) + "\n";
    }

    private static IEnumerable<XElement> Axes(LinearAxis across, LinearAxis up)
    {
        var lines = across.Ticks.Select(tick => Invariant($"M{across.At(tick):0.#},{Top}V{Bottom}")).Concat(up.Ticks.Select(tick => Invariant($"M{Left},{up.At(tick):0.#}H{Right}")));
        yield return Path(string.Concat(lines), stroke: Ink, opacity: 0.25);
        foreach (var tick in across.Ticks) yield return Text(across.At(tick), Bottom + 20, tick.ToString(across.Format, CultureInfo.InvariantCulture), "middle");
        foreach (var tick in up.Ticks) yield return Text(Left - 7, up.At(tick) + 5, tick.ToString(up.Format, CultureInfo.InvariantCulture), "end");
        yield return Text(Left - 36, Top - 12, "PSNR to full attention, dB");
        yield return Text(Right, Bottom + 44, "density: share of blocks computed, dense steps included", "end");
    }

    // Noise is usually far above what sparse attention reaches: an axis as long as that would leave no room for the marks.
    private static IEnumerable<XElement> Floor(double? level, LinearAxis up)
    {
        if (level is not { } floor) yield break;
        var isInside = floor >= up.Low && floor <= up.High;
        if (isInside) yield return Path(Invariant($"M{Left},{up.At(floor):0.#}H{Right}"), stroke: Ink, opacity: 1, dash: "6 4");
        yield return Text(Right, isInside ? up.At(floor) - 5 : Top - 12, Invariant($"{(isInside ? "" : floor > up.High ? "↑ " : "↓ ")}noise floor {floor:0.0} dB"), "end");
    }

    private static IEnumerable<XElement> Key(double top, IEnumerable<(string Text, string Shape, string Colour)> entries)
    {
        // Nobody measures text before it is drawn: letters are taken a little wider than they are.
        const double perLetter = 9.5, gap = 34;
        var at = Left - 28;
        foreach (var (text, shape, colour) in entries)
        {
            yield return Path(Place(shape, at, top - 5), fill: colour);
            yield return Text(at + 13, top, text);
            at += (perLetter * text.Length) + gap;
        }
    }

    private static string Words(string warmup) => warmup switch
    {
        "" => "without a setting",
        "0" => "no dense warm-up",
        "1" => "1 step",
        _ => warmup.EndsWith('%') ? $"{warmup[..^1]} %" : $"{warmup} steps",
    };

    private static XElement Line(Mark[] marks, string colour, string shape, LinearAxis across, LinearAxis up)
    {
        (double Left, Mark Mark)[] places = [.. marks.Select(mark => (across.At(mark.Density), mark))];
        return new XElement(
            Svg + "g",
            Path($"M{string.Join('L', places.Select(place => Invariant($"{place.Left:0.#},{up.At(place.Mark.Psnr.Mean):0.#}")))}", stroke: colour, opacity: 0.5),
            Path(string.Concat(places.Select(place => Invariant($"M{place.Left:0.#},{up.At(place.Mark.Psnr.Low):0.#}V{up.At(place.Mark.Psnr.High):0.#}"))), stroke: colour, opacity: 0.5),
            Path(string.Concat(places.Select(place => Place(shape, place.Left, up.At(place.Mark.Psnr.Mean)))), fill: colour));
    }

    private static string Place(string shape, double left, double top) => Invariant($"M{left:0.#},{top:0.#}{shape}");

    private static XElement Path(string data, string fill = "none", string? stroke = null, double opacity = 1, string? dash = null) => new(
        Svg + "path", new XAttribute("d", data), new XAttribute("fill", fill), stroke is null ? null : new XAttribute("stroke", stroke),
        opacity == 1 ? null : Number("opacity", opacity), dash is null ? null : new XAttribute("stroke-dasharray", dash));

    private static XElement Text(double x, double y, string text, string anchor = "start") =>
        new(Svg + "text", Number("x", x), Number("y", y), anchor == "start" ? null : new XAttribute("text-anchor", anchor), text);

    private static bool IsFloor(ArmSummary arm) => arm.Method == "dense";

    private static ArmStatistic? Psnr(ArmSummary arm, bool isRaw) => (isRaw ? arm.Raw : arm.File).GetValueOrDefault("psnr") is { } psnr && double.IsFinite(psnr.Mean) ? psnr : null;

    private static string Colour(string[] methods, string method) => Colours[Array.IndexOf(methods, method) % Colours.Length];

    private static string Shape(string[] warmups, string warmup) => Shapes[Array.IndexOf(warmups, warmup) % Shapes.Length];

    private static XAttribute Number(string name, double value) => new(name, value.ToString("0.##", CultureInfo.InvariantCulture));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed record Mark(string Method, string Warmup, double Density, ArmStatistic Psnr)
    {
        // An interval that reaches to infinity ends at its mark.
        public static Mark? Of(ArmSummary arm, bool isRaw) => arm.Raw.TryGetValue("density", out var density) && FidelityPlot.Psnr(arm, isRaw) is { } psnr
            ? new Mark(
                ArmName.Display(arm.Method), arm.Settings.FirstOrDefault(setting => setting.Name == "dense-warmup")?.Value ?? "", density.Mean,
                psnr with { Low = double.IsFinite(psnr.Low) ? psnr.Low : psnr.Mean, High = double.IsFinite(psnr.High) ? psnr.High : psnr.Mean })
            : null;
    }
}
