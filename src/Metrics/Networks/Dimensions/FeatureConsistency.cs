using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>
/// How alike a clip's frames are by their feature vectors: the mean over frames i ≥ 1 of ½·(max(0, cos(fᵢ, fᵢ₋₁)) + max(0, cos(fᵢ, f₀))).
/// Keeps two vectors, however long the clip.
/// </summary>
/// <remarks>Source: VBench (arXiv 2311.17982), subject and background consistency.</remarks>
public sealed class FeatureConsistency : IDisposable
{
    private Tensor? _first, _last;
    private double _sum;

    /// <summary>Frames so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>From 0 to 1; NaN for fewer than two frames, which have no neighbours.</summary>
    public double Score => FrameCount < 2 ? double.NaN : _sum / (FrameCount - 1);

    /// <summary>Takes the next frames' vectors, in order.</summary>
    /// <param name="features">[T, E] float32, of any length; T at least 1.</param>
    public void Add(Tensor features)
    {
        if (features.ndim != 2 || features.size(0) < 1) throw new ArgumentException($"features must be [T, E] with T at least 1, got {features}.", nameof(features));
        using var scope = NewDisposeScope();
        var unit = nn.functional.normalize(features);
        var before = cat([_last ?? unit.narrow(0, 0, 1), unit.narrow(0, 0, unit.size(0) - 1)]);
        var first = _first ??= unit.narrow(0, 0, 1).clone().DetachFromDisposeScope();
        var scores = (((unit * before).sum(1).clamp((Scalar)0) + (unit * first).sum(1).clamp((Scalar)0)) * 0.5).cpu().data<float>().ToArray();
        // The very first frame has nothing before it.
        _sum += scores.Skip(FrameCount == 0 ? 1 : 0).Sum(score => (double)score);
        FrameCount += scores.Length;
        _last?.Dispose();
        _last = unit.narrow(0, unit.size(0) - 1, 1).clone().DetachFromDisposeScope();
    }

    /// <summary>Frees the vectors.</summary>
    public void Dispose()
    {
        _first?.Dispose();
        _last?.Dispose();
        (_first, _last) = (null, null);
    }
}
