namespace XVideo.SparseAttention.Quality;

/// <summary>What a choice of blocks keeps and loses in one head.</summary>
/// <param name="Density">Kept blocks over all blocks.</param>
/// <param name="Recall">Mean over rows of the share of the exact weight in kept blocks.</param>
/// <param name="OracleRecall">The same for the best choice of as many blocks in every row of blocks.</param>
/// <param name="Error">Of the head's output.</param>
public sealed record HeadQuality(double Density, double Recall, double OracleRecall, OutputError Error);
