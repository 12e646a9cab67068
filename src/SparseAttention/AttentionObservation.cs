using XVideo.SparseAttention.Selectors;

namespace XVideo.SparseAttention;

/// <summary>A choice of blocks as it was made, for pictures and measurements. Its tensors live only during the call.</summary>
/// <param name="Context">What the selector saw, in its order of tokens.</param>
/// <param name="Blocks">What it chose.</param>
/// <param name="Order">Its order of tokens; <see langword="null"/>: as they come.</param>
public readonly record struct AttentionObservation(SelectionContext Context, BlockList Blocks, TokenOrder? Order);
