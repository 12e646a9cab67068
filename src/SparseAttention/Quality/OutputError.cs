namespace XVideo.SparseAttention.Quality;

/// <summary>How far an output O is from the exact O*. Sums are in float64; 0/0 counts as 0 and x/0 as ∞.</summary>
/// <param name="RelativeL1">Σ|O − O*| / Σ|O*|, from 0.</param>
/// <param name="RelativeL2">‖O − O*‖ / ‖O*‖, from 0.</param>
/// <param name="Rmse">Root of the mean of (O − O*)², from 0.</param>
/// <param name="MaxAbs">Largest |O − O*|, from 0.</param>
/// <param name="Cosine">⟨O, O*⟩ / (‖O‖‖O*‖), −1 to 1.</param>
public readonly record struct OutputError(double RelativeL1, double RelativeL2, double Rmse, double MaxAbs, double Cosine)
{
    /// <summary>The mean of each measure over heads; of <see cref="MaxAbs"/> the largest.</summary>
    /// <param name="errors">At least one.</param>
    public static OutputError Mean(IReadOnlyCollection<OutputError> errors) => new(
        errors.Average(one => one.RelativeL1), errors.Average(one => one.RelativeL2), errors.Average(one => one.Rmse), errors.Max(one => one.MaxAbs), errors.Average(one => one.Cosine));
}
