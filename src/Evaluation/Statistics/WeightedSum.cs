namespace XVideo.Evaluation.Statistics;

/// <summary>What a prompt's clips give to a mean.</summary>
/// <param name="Sum">Of values times weights.</param>
/// <param name="Weight">Of weights.</param>
internal readonly record struct WeightedSum(double Sum, double Weight)
{
    public static WeightedSum operator +(WeightedSum a, WeightedSum b) => new(a.Sum + b.Sum, a.Weight + b.Weight);

    public double Mean => Sum / Weight;
}
