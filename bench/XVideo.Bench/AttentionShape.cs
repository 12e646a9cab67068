namespace XVideo.Bench;

/// <summary>One attention call of batch 1.</summary>
internal sealed record AttentionShape(int Heads, int Queries, int Keys, int Dimension)
{
    /// <summary>Operations of the two products; the softmax is not counted.</summary>
    public double Operations => 4.0 * Queries * Keys * Dimension * Heads;

    public override string ToString() => $"{Heads} x {Queries} x {Keys} x {Dimension}";
}
