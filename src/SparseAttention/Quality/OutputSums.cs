using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Quality;

/// <summary>The sums from which an <see cref="OutputError"/> follows; those of several heads add up to those of all of them.</summary>
internal readonly record struct OutputSums(double Difference, double Exact, double DifferenceSquares, double OutputSquares, double ExactSquares, double Product, double Largest, long Count)
{
    /// <summary>Of one head.</summary>
    /// <param name="output">[S, D], O.</param>
    /// <param name="exact">[S, D], O*.</param>
    public static OutputSums Of(Tensor output, Tensor exact)
    {
        using var scope = NewDisposeScope();
        Tensor o = output.to(ScalarType.Float64), e = exact.to(ScalarType.Float64), difference = o - e, distance = difference.abs();
        Tensor[] sums = [distance.sum(), e.abs().sum(), difference.square().sum(), o.square().sum(), e.square().sum(), (o * e).sum(), distance.max()];
        // One wait for the device, not seven.
        var values = cat([.. sums.Select(sum => sum.reshape(1))]).cpu().data<double>().ToArray();
        return new OutputSums(values[0], values[1], values[2], values[3], values[4], values[5], values[6], output.numel());
    }

    /// <summary>The measures.</summary>
    public OutputError Error => new(
        Ratio(Difference, Exact), Ratio(Math.Sqrt(DifferenceSquares), Math.Sqrt(ExactSquares)), Math.Sqrt(Ratio(DifferenceSquares, Count)), Largest,
        Ratio(Product, Math.Sqrt(OutputSquares) * Math.Sqrt(ExactSquares)));

    public static OutputSums operator +(OutputSums a, OutputSums b) => new(
        a.Difference + b.Difference, a.Exact + b.Exact, a.DifferenceSquares + b.DifferenceSquares, a.OutputSquares + b.OutputSquares, a.ExactSquares + b.ExactSquares,
        a.Product + b.Product, Math.Max(a.Largest, b.Largest), a.Count + b.Count);

    private static double Ratio(double numerator, double denominator) => numerator == 0 && denominator == 0 ? 0 : numerator / denominator;
}
