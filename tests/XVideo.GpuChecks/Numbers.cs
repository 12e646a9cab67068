using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>Comparisons of tensors element by element.</summary>
internal static class Numbers
{
    // A logarithm that should be whole must not fall just below it.
    private const double LogarithmSlack = 1e-12;

    /// <summary>Stored bits after the leading one.</summary>
    public static int MantissaBits(ScalarType dtype) => dtype switch
    {
        ScalarType.BFloat16 => 7,
        ScalarType.Float16 => 10,
        ScalarType.Float32 => 23,
        _ => throw new ArgumentException($"{dtype} has no known precision here; allowed are BFloat16, Float16 and Float32.", nameof(dtype)),
    };

    /// <summary>For example <c>bf16</c>.</summary>
    public static string Short(ScalarType dtype) => dtype == ScalarType.BFloat16 ? "bf16" : dtype == ScalarType.Float16 ? "fp16" : $"{dtype}";

    /// <summary>The largest relative error of rounding to a type.</summary>
    public static double UnitRoundoff(ScalarType dtype) => Math.ScaleB(1, -1 - MantissaBits(dtype));

    /// <summary>The distance between neighbouring numbers of a type around each element.</summary>
    /// <param name="x">float64; elements that are not finite give anything.</param>
    /// <param name="dtype">bfloat16 or float16.</param>
    public static Tensor Ulp(Tensor x, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var smallest = dtype == ScalarType.Float16 ? Math.ScaleB(1, -14) : Math.ScaleB(1, -126);
        var exponent = (x.abs().clamp((Scalar)smallest, (Scalar)1e30).log() * (1 / Math.Log(2)) + LogarithmSlack).floor();
        return ((exponent - MantissaBits(dtype)) * Math.Log(2)).exp().MoveToOuterDisposeScope();
    }

    /// <summary>Whether all bits that count are equal; NaN equals NaN.</summary>
    public static bool AreEqual(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        return left.shape.SequenceEqual(right.shape) && !Differs(left, right).any().ToBoolean();
    }

    /// <summary>How many elements differ; NaN equals NaN.</summary>
    public static long CountDifferent(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        return Differs(left, right).to(ScalarType.Int64).sum().ToInt64();
    }

    /// <summary>The largest magnitude.</summary>
    public static double Largest(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.numel() == 0 ? 0 : x.abs().max().ToDouble();
    }

    /// <summary>Root of the mean square.</summary>
    public static double RootMeanSquare(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(x.to(ScalarType.Float64).square().mean().ToDouble());
    }

    /// <summary>Where NaN and infinities differ from the reference, as a sentence; <see langword="null"/> when they do not.</summary>
    public static string? NonFiniteProblem(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        foreach (var (what, isThere) in Kinds)
        {
            var (found, wanted) = (isThere(actual), isThere(expected));
            if (AreEqual(found, wanted)) continue;
            return $"{Count(found)} elements are {what} and {Count(wanted)} should be, or others should";
        }
        return null;
    }

    /// <summary>Compares element by element with a limit each.</summary>
    /// <param name="actual">Any type.</param>
    /// <param name="expected">float64, same shape.</param>
    /// <param name="limit">float64, same shape: the largest difference that passes.</param>
    /// <returns>The element that is nearest to its limit, or a failure where non-finite numbers are elsewhere than in the reference.</returns>
    public static Outcome Within(Tensor actual, Tensor expected, Tensor limit)
    {
        using var scope = NewDisposeScope();
        if (!actual.shape.SequenceEqual(expected.shape)) return Outcome.Failed($"shape [{string.Join(", ", actual.shape)}], expected [{string.Join(", ", expected.shape)}]");
        var wide = actual.to(ScalarType.Float64);
        if (NonFiniteProblem(wide, expected) is { } problem) return Outcome.Failed(problem);
        if (wide.numel() == 0) return new Outcome(0, 0, "empty");
        var isOdd = expected.isfinite().logical_not();
        var difference = (wide - expected).abs().masked_fill(isOdd, 0).flatten();
        // A limit of 0 means exactly equal.
        var safe = limit.masked_fill(isOdd, 1).clamp((Scalar)1e-300, null).flatten();
        var at = (difference / safe).argmax(0).ToInt64();
        return new Outcome(difference.narrow(0, at, 1).ToDouble(), safe.narrow(0, at, 1).ToDouble());
    }

    private static IEnumerable<(string, Func<Tensor, Tensor>)> Kinds =>
    [
        ("NaN", x => x.eq(x).logical_not()),
        ("+∞", x => x.eq((Scalar)double.PositiveInfinity)),
        ("−∞", x => x.eq((Scalar)double.NegativeInfinity)),
    ];

    private static long Count(Tensor flags) => flags.to(ScalarType.Int64).sum().ToInt64();

    private static Tensor Differs(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        var bothNaN = left.eq(left).logical_not() & right.eq(right).logical_not();
        return (left.eq(right) | bothNaN).logical_not().MoveToOuterDisposeScope();
    }
}
