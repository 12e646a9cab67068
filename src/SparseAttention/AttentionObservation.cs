using XVideo.SparseAttention.Selectors;

namespace XVideo.SparseAttention;

/// <summary>The blocks of one sparse call, for pictures and measurements. Its tensors live only during the call.</summary>
/// <param name="Context">What the selector saw, in its order of tokens.</param>
/// <param name="Blocks">What it chose, now or in an earlier call.</param>
/// <param name="Order">Its order of tokens; <see langword="null"/>: as they come.</param>
public readonly record struct AttentionObservation(SelectionContext Context, BlockList Blocks, TokenOrder? Order);
