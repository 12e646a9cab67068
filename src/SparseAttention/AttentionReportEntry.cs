namespace XVideo.SparseAttention;

/// <summary>Neighbouring layers of one step that were treated alike, all passes together.</summary>
/// <param name="Step">From 0.</param>
/// <param name="FirstLayer">From 0.</param>
/// <param name="LastLayer">At least <paramref name="FirstLayer"/>.</param>
/// <param name="Backend">What computed them.</param>
/// <param name="Density">Mean over their calls; 1 for dense.</param>
/// <param name="SelectionTime">Sum over their calls; <see langword="null"/> where it was not measured.</param>
/// <param name="AttentionTime">Sum over their calls; <see langword="null"/> where it was not measured.</param>
/// <param name="DenseReason">Why they were dense (<see cref="Schedule.DenseReason"/>); <see langword="null"/> for sparse ones.</param>
public sealed record AttentionReportEntry(
    int Step, int FirstLayer, int LastLayer, string Backend, double Density, TimeSpan? SelectionTime, TimeSpan? AttentionTime, string? DenseReason);
