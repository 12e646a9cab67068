using XVideo.Metrics.OpticalFlow;

namespace XVideo.Metrics.Tests.OpticalFlow;

/// <summary>Pictures of a smooth random texture that is given for every point of the plane, so that any motion of it is known exactly.</summary>
internal static class MovingPicture
{
    /// <summary>Renders what is at <paramref name="source"/> of each pixel.</summary>
    public static GrayImage Of(int width, int height, Func<double, double, (double X, double Y)> source)
    {
        var levels = new float[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (atX, atY) = source(x, y);
                levels[y * width + x] = (float)Math.Round(Texture(atX, atY));
            }
        return new(width, height, levels);
    }

    /// <summary>About 40 to 215, with details from 4 to 60 pixels.</summary>
    public static double Texture(double x, double y) => 128 + 40 * Noise(x / 60, y / 60, 1) + 40 * Noise(x / 20, y / 20, 2) + 30 * Noise(x / 8, y / 8, 3) + 15 * Noise(x / 4, y / 4, 4);

    /// <summary>Mean length of the difference to the true motion, over pixels that stay in the picture and are not excepted.</summary>
    public static double EndpointError(FlowField flow, Func<int, int, (double X, double Y)> truth, Func<int, int, bool>? only = null)
    {
        var (sum, count) = (0.0, 0);
        for (var y = 0; y < flow.Height; y++)
            for (var x = 0; x < flow.Width; x++)
            {
                var (u, v) = truth(x, y);
                if (x + u < 0 || y + v < 0 || x + u > flow.Width - 1 || y + v > flow.Height - 1 || only?.Invoke(x, y) == false) continue;
                var i = y * flow.Width + x;
                sum += Math.Sqrt(Math.Pow(flow.X[i] - u, 2) + Math.Pow(flow.Y[i] - v, 2));
                count++;
            }
        return sum / count;
    }

    // Random values on a grid, −1 to 1, joined smoothly.
    private static double Noise(double x, double y, int salt)
    {
        var (left, top) = (Math.Floor(x), Math.Floor(y));
        static double Smooth(double t) => t * t * t * (t * (t * 6 - 15) + 10);
        var (fx, fy) = (Smooth(x - left), Smooth(y - top));
        double Value(double dx, double dy) => Hash((int)left + (int)dx, (int)top + (int)dy, salt);
        return (Value(0, 0) * (1 - fx) + Value(1, 0) * fx) * (1 - fy) + (Value(0, 1) * (1 - fx) + Value(1, 1) * fx) * fy;
    }

    private static double Hash(int x, int y, int salt)
    {
        var value = (uint)(x * 73_856_093) ^ (uint)(y * 19_349_663) ^ (uint)(salt * 83_492_791);
        value = (value ^ (value >> 15)) * 2_246_822_519;
        value = (value ^ (value >> 13)) * 3_266_489_917;
        return (value ^ (value >> 16)) / (double)uint.MaxValue * 2 - 1;
    }
}
