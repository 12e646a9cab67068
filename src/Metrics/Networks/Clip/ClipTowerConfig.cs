namespace XVideo.Metrics.Networks.Clip;

/// <summary>Sizes of one of CLIP's two transformers.</summary>
/// <param name="Width">Model width E.</param>
/// <param name="Depth">Number of blocks.</param>
/// <param name="HeadCount">Number of heads N; divides the width.</param>
/// <param name="FeedForwardDim">Hidden width of the feed-forward networks; four times the width in the published models.</param>
public sealed record ClipTowerConfig(int Width, int Depth, int HeadCount, int FeedForwardDim);
