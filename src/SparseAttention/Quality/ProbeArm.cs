namespace XVideo.SparseAttention.Quality;

/// <summary>A setting to ask.</summary>
/// <param name="Options">A sparse method with its settings; warm-up, dense layers and refreshing play no part.</param>
/// <param name="MatchesDensityOf">
/// For window and random: an earlier arm in the list, from 0. In every call each head then keeps as many blocks as that arm's head did there, whatever the
/// options say. <see langword="null"/>: by its own options.
/// </param>
public sealed record ProbeArm(AttentionOptions Options, int? MatchesDensityOf = null);
