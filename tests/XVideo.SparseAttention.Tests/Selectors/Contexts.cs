using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Selectors;

/// <summary>Selection contexts of plain self-attention.</summary>
internal static class Contexts
{
    public static SelectionContext Of(Tensor query, Tensor key, BlockLayout layout, int layer = 0, TokenGrid grid = default) =>
        new(query, key, key, layout, new AttentionPlace(default, layer, grid));
}
