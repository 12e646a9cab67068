using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors;

/// <summary>What a selector sees.</summary>
/// <param name="Query">[B, N, Sq, D] after rotary positions, in the selector's order.</param>
/// <param name="Key">[B, N, Sk, D], likewise.</param>
/// <param name="Value">[B, N, Sk, D], likewise.</param>
/// <param name="Layout">How they are cut into blocks.</param>
/// <param name="Place">Step, branch, layer and token grid.</param>
public readonly record struct SelectionContext(Tensor Query, Tensor Key, Tensor Value, BlockLayout Layout, AttentionPlace Place);
