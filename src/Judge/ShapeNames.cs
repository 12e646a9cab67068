using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Names outlines by the nearest of the known shapes, whatever their size and rotation.</summary>
internal static class ShapeNames
{
    /// <summary>Root mean square difference of the rays, in radii, beyond which an outline has no name.</summary>
    private const double Reach = 0.085;

    private const double HollowFrom = 0.6;
    private const int TemplateSide = 160;
    private const double TemplateRadius = 44;
    private static readonly double[] Blurs = [0.03, 0.1, 0.2];
    private static readonly Shape[] Solid = [Shape.Ball, Shape.Square, Shape.Triangle, Shape.Star, Shape.Hexagon, Shape.Heart, Shape.Diamond];
    /// <summary>Height over width of a ball: one that falls fast is smeared along its way, and no nearer to a hexagon for that.</summary>
    private static readonly double[] BallStretches = [1, 1.12, 1.25];

    private static readonly Lazy<(Shape Shape, double[] Rays)[]> Templates = new(() =>
    [
        .. from shape in Solid from blur in Blurs from stretch in shape is Shape.Ball ? BallStretches : [1.0] select (shape, Template(shape, blur, stretch)),
    ]);

    /// <summary>The shape of a thing seen in several frames.</summary>
    /// <param name="turns">Whether each frame is matched at its own rotation; otherwise the outlines are averaged first.</param>
    /// <param name="hollowness">Median over the frames.</param>
    public static Shape? Of(IReadOnlyList<RadialOutline> outlines, double hollowness, bool turns)
    {
        if (outlines.Count == 0)
        {
            return null;
        }

        var rays = turns ? outlines.Select(outline => outline.Rays).ToArray() : [Mean(outlines)];
        var (name, error) = Solid
            .Select(shape => (shape, Error: Math.Sqrt(rays.Average(one => Templates.Value.Where(t => t.Shape == shape).Min(t => Difference(one, t.Rays))))))
            .MinBy(match => match.Error);
        var hollow = hollowness > HollowFrom;
        return error > Reach || (hollow && name is not Shape.Ball) ? null : hollow ? Shape.Ring : name;
    }

    /// <summary>Mean square difference at the best rotation.</summary>
    public static double Difference(double[] rays, double[] template)
    {
        var least = double.MaxValue;
        for (var shift = 0; shift < rays.Length; shift++)
        {
            least = Math.Min(least, DifferenceAt(rays, template, shift));
        }

        return least;
    }

    /// <summary>Mean square difference of <paramref name="rays"/> from <paramref name="template"/> turned clockwise by <paramref name="shift"/> rays.</summary>
    public static double DifferenceAt(double[] rays, double[] template, int shift)
    {
        var sum = 0.0;
        var from = (rays.Length - shift % rays.Length) % rays.Length;
        for (var i = 0; i < rays.Length; i++)
        {
            var difference = rays[i] - template[from];
            sum += difference * difference;
            from = from + 1 == rays.Length ? 0 : from + 1;
        }

        return sum / rays.Length;
    }

    private static double[] Mean(IReadOnlyList<RadialOutline> outlines) =>
        [.. Enumerable.Range(0, RadialOutline.RayCount).Select(i => outlines.Average(outline => outline.Rays[i]))];

    /// <summary>Draws a shape and traces it as a frame is traced.</summary>
    private static double[] Template(Shape shape, double blur, double stretch)
    {
        var coverage = new float[TemplateSide * TemplateSide];
        for (var i = 0; i < coverage.Length; i++)
        {
            const double Centre = (TemplateSide - 1) / 2.0;
            coverage[i] = IsInside(shape, (i % TemplateSide - Centre) / TemplateRadius, (i / TemplateSide - Centre) / (TemplateRadius * stretch)) ? 1 : 0;
        }

        for (var pass = 0; pass < 3; pass++)
        {
            coverage = BoxBlur(coverage, (int)Math.Round(blur * TemplateRadius));
        }

        var patch = new Patch((0, 0, TemplateSide, TemplateSide), (x, y) => coverage[y * TemplateSide + x], TemplateSide, TemplateSide);
        return RadialOutline.Trace(patch, TemplateSide / 2, TemplateSide / 2, TemplateRadius * 1.5)!.Rays;
    }

    /// <summary>The outlines that scenes draw, for a shape of size one.</summary>
    private static bool IsInside(Shape shape, double x, double y) => shape switch
    {
        Shape.Square => Math.Max(Math.Abs(x), Math.Abs(y)) < 0.87,
        Shape.Triangle => IsInsideStar(x / 1.25, y / 1.25, 3, 0.5),
        Shape.Star => IsInsideStar(x / 1.25, y / 1.25, 5, 0.45),
        Shape.Hexagon => IsInsideStar(x / 1.06, y / 1.06, 6, 0.8660254),
        Shape.Diamond => Math.Abs(x) / (1.28 * 0.72) + Math.Abs(y) / 1.28 < 1,
        Shape.Heart => Math.Pow(x / (0.98 * 1.12), 2) + Math.Pow(y / 0.98 + 0.68 * Math.Abs(x / (0.98 * 1.12)), 2) < 1,
        _ => x * x + y * y < 1,
    };

    private static bool IsInsideStar(double x, double y, int corners, double inner)
    {
        var angle = Math.Atan2(x, -y) * corners / (2 * Math.PI) + corners + 0.5;
        var fold = Math.Abs(angle - Math.Floor(angle) - 0.5) * 2 * Math.PI / corners;
        var edge = Math.Atan2(1 - inner * Math.Cos(Math.PI / corners), inner * Math.Sin(Math.PI / corners));
        return Math.Sqrt(x * x + y * y) * Math.Cos(fold - edge) < Math.Cos(edge);
    }

    private static float[] BoxBlur(float[] picture, int radius)
    {
        var once = new float[picture.Length];
        var twice = new float[picture.Length];
        Blur(picture, once, 1, TemplateSide);
        Blur(once, twice, TemplateSide, 1);
        return twice;

        void Blur(float[] from, float[] to, int step, int line)
        {
            for (var start = 0; start < TemplateSide; start++)
            {
                for (var i = 0; i < TemplateSide; i++)
                {
                    var sum = 0f;
                    for (var j = Math.Max(0, i - radius); j <= Math.Min(TemplateSide - 1, i + radius); j++)
                    {
                        sum += from[start * line + j * step];
                    }

                    to[start * line + i * step] = sum / (2 * radius + 1);
                }
            }
        }
    }
}
