using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>
/// The last frames that each temporal layer saw, carried from one chunk of a clip to the next. It does not grow with the clip.
/// </summary>
internal sealed class FrameCache : IDisposable
{
    private readonly Dictionary<object, Tensor> _frames = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether the chunk at hand is the clip's first.</summary>
    public bool IsFirstChunk { get; private set; } = true;

    /// <summary>What the layer kept of the chunks before; null if nothing yet. Valid until the layer keeps something new.</summary>
    public Tensor? Find(object layer) => _frames.GetValueOrDefault(layer);

    /// <summary>Keeps a copy of a chunk's last frames for the layer, in place of what it kept before.</summary>
    /// <param name="layer">The layer itself is the key.</param>
    /// <param name="x">[B, C, T, H, W].</param>
    /// <param name="count">How many frames; all of them if there are fewer.</param>
    public void Keep(object layer, Tensor x, long count)
    {
        var kept = Math.Min(count, x.size(2));
        using var last = x.narrow(2, x.size(2) - kept, kept);
        var copy = last.clone().DetachFromDisposeScope();
        if (_frames.TryGetValue(layer, out var old)) old.Dispose();
        _frames[layer] = copy;
    }

    /// <summary>Tells the layers that the next chunk is not the first.</summary>
    public void EndChunk() => IsFirstChunk = false;

    public void Dispose()
    {
        foreach (var frames in _frames.Values) frames.Dispose();
        _frames.Clear();
    }
}
