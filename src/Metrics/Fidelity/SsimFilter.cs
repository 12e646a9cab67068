using System.Numerics;
using System.Runtime.InteropServices;

namespace XVideo.Metrics.Fidelity;

/// <summary>Computes rows of the SSIM map of two planes; one for each thread.</summary>
/// <remarks>
/// The window is a product of rows and columns: the five moments are filtered down the columns, then along the rows. All in float64, because
/// E[a²] − μ² loses in float32 what is left of the variance of a bright flat area.
/// </remarks>
internal sealed class SsimFilter
{
    // (0.01·255)² and (0.03·255)²: samples are levels.
    private const double C1 = 2.55 * 2.55, C2 = 7.65 * 7.65;

    private static readonly int Step = Vector<double>.Count;

    private readonly SsimWindow _window;
    private readonly FramePlanes _a, _b;
    private readonly double[][] _moments;
    private readonly double[] _ssim, _contrast;

    public SsimFilter(SsimWindow window, FramePlanes a, FramePlanes b)
    {
        (_window, _a, _b) = (window, a, b);
        // Five samples on each side of a row, and room for the last vector to read beyond them.
        _moments = [.. Enumerable.Range(0, 5).Select(_ => new double[a.Stride + SsimWindow.Length + Step])];
        (_ssim, _contrast) = (new double[a.Stride], new double[a.Stride]);
    }

    /// <summary>Sums over some rows of the map of one channel.</summary>
    public SsimSums Sum(int channel, int firstRow, int endRow)
    {
        var sums = new SsimSums();
        for (var y = firstRow; y < endRow; y++)
        {
            FilterColumns(channel, y);
            foreach (var moment in _moments)
            {
                ExtendRow(moment);
            }

            FilterRow();
            sums += SumRow(y);
        }

        return sums;
    }

    private void FilterColumns(int channel, int y)
    {
        Span<int> starts = stackalloc int[SsimWindow.Length];
        Span<double> taps = stackalloc double[SsimWindow.Length];
        var count = 0;
        for (var k = 0; k < SsimWindow.Length; k++)
        {
            var row = _window.Source(y + k - SsimWindow.Radius, _a.Height);
            if (row >= 0)
            {
                (starts[count], taps[count]) = (_a.RowStart(channel, row), _window.Taps[k]);
                count++;
            }
        }

        FilterColumns(starts[..count], taps[..count]);
    }

    private void FilterColumns(ReadOnlySpan<int> starts, ReadOnlySpan<double> taps)
    {
        ref var a = ref MemoryMarshal.GetArrayDataReference(_a.Samples);
        ref var b = ref MemoryMarshal.GetArrayDataReference(_b.Samples);
        for (var x = 0; x < _a.Stride; x += Step)
        {
            var (sumA, sumB, sumAA, sumBB, sumAB) =
                (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            for (var k = 0; k < starts.Length; k++)
            {
                var at = (nuint)(starts[k] + x);
                var (valueA, valueB) = (Vector.LoadUnsafe(ref a, at), Vector.LoadUnsafe(ref b, at));
                var (weightedA, weightedB) = (valueA * taps[k], valueB * taps[k]);
                sumA += weightedA;
                sumB += weightedB;
                sumAA = Vector.FusedMultiplyAdd(weightedA, valueA, sumAA);
                sumBB = Vector.FusedMultiplyAdd(weightedB, valueB, sumBB);
                sumAB = Vector.FusedMultiplyAdd(weightedA, valueB, sumAB);
            }

            Store(0, x, sumA);
            Store(1, x, sumB);
            Store(2, x, sumAA);
            Store(3, x, sumBB);
            Store(4, x, sumAB);
        }
    }

    private void Store(int moment, int x, Vector<double> sums) => sums.CopyTo(_moments[moment], SsimWindow.Radius + x);

    /// <summary>Writes what the window sees left and right of a row.</summary>
    private void ExtendRow(double[] moment)
    {
        for (var i = 1; i <= SsimWindow.Radius; i++)
        {
            moment[SsimWindow.Radius - i] = Beyond(moment, -i);
            moment[SsimWindow.Radius + _a.Width - 1 + i] = Beyond(moment, _a.Width - 1 + i);
        }
    }

    private double Beyond(double[] moment, int x) => _window.Source(x, _a.Width) is var source and >= 0 ? moment[SsimWindow.Radius + source] : 0;

    private void FilterRow()
    {
        var (c1, c2) = (new Vector<double>(C1), new Vector<double>(C2));
        for (var x = 0; x < _a.Stride; x += Step)
        {
            var (meanA, meanB) = (Filtered(0, x), Filtered(1, x));
            var (squareA, squareB, product) = (meanA * meanA, meanB * meanB, meanA * meanB);
            var (varianceA, varianceB) = (Filtered(2, x) - squareA, Filtered(3, x) - squareB);
            var covariance = Filtered(4, x) - product;
            if (_window.ClampsVariance)
            {
                (varianceA, varianceB) = (Vector.Max(varianceA, Vector<double>.Zero), Vector.Max(varianceB, Vector<double>.Zero));
            }

            var contrast = (covariance + covariance + c2) / (varianceA + varianceB + c2);
            contrast.CopyTo(_contrast, x);
            (contrast * (product + product + c1) / (squareA + squareB + c1)).CopyTo(_ssim, x);
        }
    }

    private Vector<double> Filtered(int moment, int x)
    {
        ref var row = ref MemoryMarshal.GetArrayDataReference(_moments[moment]);
        var taps = _window.Taps;
        var sum = Vector<double>.Zero;
        for (var k = 0; k < taps.Length; k++)
        {
            sum = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref row, (nuint)(x + k)), new Vector<double>(taps[k]), sum);
        }

        return sum;
    }

    private SsimSums SumRow(int y)
    {
        var ssim = Total(_ssim.AsSpan(0, _a.Width));
        var columns = _a.Width - 2 * SsimWindow.Radius;
        var isInner = y >= SsimWindow.Radius && y < _a.Height - SsimWindow.Radius && columns > 0;
        return isInner
            ? new(ssim, Total(_ssim.AsSpan(SsimWindow.Radius, columns)), Total(_contrast.AsSpan(SsimWindow.Radius, columns)))
            : new(ssim, 0, 0);
    }

    private static double Total(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
