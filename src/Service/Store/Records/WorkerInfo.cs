using XVideo.Pipeline.Memory;

namespace XVideo.Service.Store;

/// <summary>A process that runs jobs.</summary>
/// <param name="WorkerId">Unique per process start.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="BootId">The machine's start: another one means that everything which ran there before is gone.</param>
/// <param name="ProcessId">On that machine.</param>
/// <param name="Device">What it computes with, for people.</param>
/// <param name="Version">Of the program.</param>
public sealed record WorkerInfo(string WorkerId, string Host, string BootId, int ProcessId, string Device, string Version)
{
    /// <summary>Set by the store.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Set by the store.</summary>
    public DateTimeOffset LastSeenAt { get; init; }

    /// <summary>What it computes with; <see langword="null"/> while it loads its model, or when it cannot tell.</summary>
    public DeviceCapacity? Capacity { get; init; }

    /// <summary>It takes no more jobs.</summary>
    public bool IsDraining { get; init; }
}
