namespace XVideo.Metrics.Networks.Transformers;

/// <summary>Sizes and formulas of a block.</summary>
/// <param name="Width">Model width E, a multiple of <paramref name="HeadCount"/>.</param>
/// <param name="HeadCount">Number of heads N.</param>
/// <param name="FeedForwardDim">Hidden width of the feed-forward network.</param>
/// <param name="Epsilon">Added to variances.</param>
/// <param name="Activation">Non-linearity of the feed-forward network.</param>
internal sealed record BlockShape(long Width, long HeadCount, long FeedForwardDim, double Epsilon, Activation Activation);
