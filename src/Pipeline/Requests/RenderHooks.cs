using XVideo.SparseAttention;
using XVideo.SparseAttention.Selectors;

namespace XVideo.Pipeline.Requests;

/// <summary>Looks on while a video is rendered; its frames stay the same. The tensors live only during the call, and what a hook takes counts as time of the stage.</summary>
public sealed record RenderHooks
{
    /// <summary>Sees the blocks of every sparse call.</summary>
    public Action<AttentionObservation>? Sparse { get; init; }

    /// <summary>Sees queries, keys and values of every dense call.</summary>
    public Action<SelectionContext>? Dense { get; init; }
}
