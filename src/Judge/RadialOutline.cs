namespace XVideo.Judge;

/// <summary>The outline of a thing as seen from its centre: the distance to its edge along rays in all directions.</summary>
/// <param name="X">Column of the centre of the area in pixels; <paramref name="Y"/> its row.</param>
/// <param name="Radius">Radius of a disc of the same area in pixels.</param>
/// <param name="Rays">Distances divided by <paramref name="Radius"/>, clockwise from straight up.</param>
internal sealed record RadialOutline(double X, double Y, double Radius, double[] Rays)
{
    public const int RayCount = 96;
    private const int Rounds = 3;
    private const double Step = 0.5;
    private static readonly (double X, double Y)[] Directions =
        [.. Enumerable.Range(0, RayCount).Select(i => (Math.Sin(2 * Math.PI * i / RayCount), -Math.Cos(2 * Math.PI * i / RayCount)))];

    /// <summary>Walks in from outside until the coverage passes one half, so holes and highlights do not count.</summary>
    /// <param name="reach">Farthest pixel of the thing from (x, y).</param>
    public static RadialOutline? Trace(Patch coverage, double x, double y, double reach)
    {
        var rays = new double[RayCount];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < RayCount; i++)
            {
                rays[i] = Edge(coverage, x, y, Directions[i], reach + 2);
            }

            if (round + 1 < Rounds)
            {
                var (moveX, moveY) = Centre(rays);
                (x, y, reach) = (x + moveX, y + moveY, reach + Math.Abs(moveX) + Math.Abs(moveY));
            }
        }

        var radius = Math.Sqrt(rays.Sum(r => r * r) / RayCount);
        return radius < 1 ? null : new(x, y, radius, [.. rays.Select(r => r / radius)]);
    }

    private static double Edge(Patch coverage, double x, double y, (double X, double Y) way, double from)
    {
        var outside = 0.0;
        for (var r = from; r > 0; r -= Step)
        {
            var here = coverage.At(x + way.X * r, y + way.Y * r);
            if (here >= 0.5)
            {
                return r == from ? r : r + Step * (here - 0.5) / Math.Max(here - outside, 1e-6);
            }

            outside = here;
        }

        return 0;
    }

    /// <summary>Centre of the area of the polygon that the rays span, relative to their origin.</summary>
    private static (double X, double Y) Centre(double[] rays)
    {
        var (area, sumX, sumY) = (1e-9, 0.0, 0.0);
        for (var i = 0; i < RayCount; i++)
        {
            var next = (i + 1) % RayCount;
            var (ax, ay) = (Directions[i].X * rays[i], Directions[i].Y * rays[i]);
            var (bx, by) = (Directions[next].X * rays[next], Directions[next].Y * rays[next]);
            var cross = ax * by - bx * ay;
            (area, sumX, sumY) = (area + cross, sumX + (ax + bx) * cross, sumY + (ay + by) * cross);
        }

        return (sumX / (3 * area), sumY / (3 * area));
    }
}
