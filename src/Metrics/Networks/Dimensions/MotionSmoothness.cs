using TorchSharp;
using XVideo.Metrics.Networks.Amt;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>VBench's motion smoothness of one clip: how close every other frame is to what AMT-S puts between its neighbours.</summary>
/// <remarks>
/// Frames 0, 2, 4, … make the guesses for 1, 3, 5, …; of an even number of frames the last is not used.
/// Keeps two frames, however long the clip. Source: VBench (arXiv 2311.17982).
/// </remarks>
public sealed class MotionSmoothness(AmtModel amt) : IDisposable
{
    private const double Range = 255;

    private Tensor? _before, _real;   // the last even frame, 0 to 1, and the odd one after it, uint8
    private double _sum;

    /// <summary>Frames so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Frames compared so far.</summary>
    public int ComparedCount { get; private set; }

    /// <summary>From 0 to 1; NaN for fewer than three frames, which leave nothing to compare.</summary>
    public double Score => ComparedCount == 0 ? double.NaN : (Range - (_sum / ComparedCount)) / Range;

    /// <summary>Takes the next frames, in order.</summary>
    /// <param name="frames">[T, 3, H, W] uint8, on the network's device; H and W at least 113.</param>
    /// <exception cref="ArgumentException">The frames are too small, or of another size than those before.</exception>
    public void Add(Tensor frames)
    {
        for (var i = 0L; i < frames.size(0); i++)
        {
            using var scope = NewDisposeScope();
            var frame = frames.narrow(0, i, 1);
            if (FrameCount++ % 2 == 0) Compare(frame.to(ScalarType.Float32) / Range);
            else Replace(ref _real, frame.clone());
        }
    }

    /// <summary>Frees what was kept; the network stays.</summary>
    public void Dispose()
    {
        Replace(ref _before, null);
        Replace(ref _real, null);
    }

    private void Compare(Tensor after)
    {
        if (_before is { } before && _real is { } real)
        {
            // The published script cuts the fraction off.
            var guess = (amt.Interpolate(before, after) * Range).clamp(0, Range).to(ScalarType.Byte);
            _sum += (guess.to(ScalarType.Float32) - real.to(ScalarType.Float32)).abs().mean([0, 1, 2, 3], type: ScalarType.Float64).item<double>();
            ComparedCount++;
        }
        Replace(ref _before, after);
    }

    private static void Replace(ref Tensor? kept, Tensor? next)
    {
        kept?.Dispose();
        kept = next?.DetachFromDisposeScope();
    }
}
