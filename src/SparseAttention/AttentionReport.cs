namespace XVideo.SparseAttention;

/// <summary>How the self-attention of one video was computed.</summary>
/// <param name="Summary">One line with the figures that matter.</param>
/// <param name="Method">As requested, for example <c>xattention</c>.</param>
/// <param name="Backend">What computed it: the sparse calls if there were any, else the dense ones.</param>
/// <param name="Tokens">Tokens of one pass.</param>
/// <param name="BlockSize">Tokens of a block; <see langword="null"/> when every call was dense.</param>
/// <param name="Density">Share of the key blocks that was computed, the mean over all calls; a dense call counts as 1.</param>
/// <param name="SparseDensity">The same over the sparse calls; <see langword="null"/> when there were none.</param>
/// <param name="SelectionTime">Choosing blocks, all calls together; <see langword="null"/> where it was not measured.</param>
/// <param name="AttentionTime">Computing attention, all calls together; <see langword="null"/> where it was not measured.</param>
/// <param name="Entries">By step, then by layers.</param>
public sealed record AttentionReport(
    string Summary, string Method, string Backend, long Tokens, int? BlockSize, double Density, double? SparseDensity,
    TimeSpan? SelectionTime, TimeSpan? AttentionTime, IReadOnlyList<AttentionReportEntry> Entries);
