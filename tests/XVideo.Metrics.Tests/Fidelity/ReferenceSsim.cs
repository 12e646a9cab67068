using XVideo.Metrics.Fidelity;

namespace XVideo.Metrics.Tests.Fidelity;

/// <summary>SSIM as it is defined: a two-dimensional window around each pixel, samples in [0,1].</summary>
internal static class ReferenceSsim
{
    public static (double Whole, double Inner) Of(FrameSize size, byte[] a, byte[] b, SsimWindow window)
    {
        var (whole, inner) = (new List<double>(), new List<double>());
        for (var i = 0; i < size.SizeInBytes; i++)
        {
            var (x, y, channel) = (i / 3 % size.Width, i / 3 / size.Width, i % 3);
            var value = At(size, a, b, window, x, y, channel);
            whole.Add(value);
            if (x >= 5 && y >= 5 && x < size.Width - 5 && y < size.Height - 5)
            {
                inner.Add(value);
            }
        }

        return (whole.Average(), inner.Count > 0 ? inner.Average() : double.NaN);
    }

    private static double At(FrameSize size, byte[] a, byte[] b, SsimWindow window, int x, int y, int channel)
    {
        var (meanA, meanB, squareA, squareB, product) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var dy = -5; dy <= 5; dy++)
        {
            for (var dx = -5; dx <= 5; dx++)
            {
                var weight = window.Taps[dx + 5] * window.Taps[dy + 5];
                var (valueA, valueB) = (Sample(size, a, window, x + dx, y + dy, channel), Sample(size, b, window, x + dx, y + dy, channel));
                meanA += weight * valueA;
                meanB += weight * valueB;
                squareA += weight * valueA * valueA;
                squareB += weight * valueB * valueB;
                product += weight * valueA * valueB;
            }
        }

        const double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;
        return (2 * meanA * meanB + C1) * (2 * (product - meanA * meanB) + C2)
            / ((meanA * meanA + meanB * meanB + C1) * (squareA - meanA * meanA + squareB - meanB * meanB + C2));
    }

    private static double Sample(FrameSize size, byte[] frame, SsimWindow window, int x, int y, int channel)
    {
        if (window.ReflectsBorders)
        {
            (x, y) = (Reflect(x, size.Width), Reflect(y, size.Height));
        }

        return x >= 0 && y >= 0 && x < size.Width && y < size.Height ? frame[(y * size.Width + x) * 3 + channel] / 255.0 : 0;
    }

    private static int Reflect(int index, int count) => count - 1 - Math.Abs(count - 1 - Math.Abs(index));
}
