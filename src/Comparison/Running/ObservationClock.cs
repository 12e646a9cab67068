using System.Diagnostics;
using TorchSharp;
using XVideo.SparseAttention.Selectors;

namespace XVideo.Comparison.Running;

/// <summary>Measures what looking on takes, so that it can be taken off the time of a render.</summary>
internal sealed class ObservationClock
{
    private readonly Stopwatch _clock = new();

    /// <summary>All of it so far.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Looks on.</summary>
    /// <param name="context">The call that is looked at.</param>
    /// <param name="look">What is done.</param>
    public void Run(SelectionContext context, Action look)
    {
        // What a GPU has still to do belongs to the render, and what it was given here does not.
        Wait(context);
        _clock.Start();
        look();
        Wait(context);
        _clock.Stop();
    }

    private static void Wait(SelectionContext context)
    {
        if (context.Query.device.type == DeviceType.CUDA) torch.cuda.synchronize(context.Query.device);
    }
}
