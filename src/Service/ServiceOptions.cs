using System.Net;
using XVideo.Service.Api.Security;

namespace XVideo.Service;

/// <summary>How a server behaves. What it serves and where jobs are kept is said elsewhere.</summary>
public sealed record ServiceOptions
{
    private const int MinimumPepperBytes = 16;

    /// <summary>Folder of videos and of files in the making; made when it is not there.</summary>
    public required string FilesFolder { get; init; }

    /// <summary>Address to listen on: an IP address, or <c>localhost</c>. Default: only this machine.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port to listen on, 0 to 65535; 0 takes a free one. Default 8000.</summary>
    public int Port { get; init; } = 8000;

    /// <summary>Reverse proxies that say in <c>X-Forwarded-For</c> whose call they pass on; of others that header is ignored. None by default: then all callers behind a proxy share one address, and the limit of wrong keys.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];

    /// <summary>Whether every call needs an API key; without, only this machine may be listened on. Default true.</summary>
    public bool RequiresKeys { get; init; } = true;

    /// <summary>Whether this process also makes videos. Default true.</summary>
    public bool RunsWorker { get; init; } = true;

    /// <summary>Jobs that may wait in all, at least 1. Default 200.</summary>
    public int MaxQueued { get; init; } = 200;

    /// <summary>So many workers may be lost over a job, or fail for what may pass, before it is given up: at least 1. Default 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How long finished videos are kept; <see langword="null"/>: for ever. Default 24 hours.</summary>
    public TimeSpan? KeepFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long what is known about a video is kept once its files are gone, or it failed: at least a day; <see langword="null"/>: for ever. Default 30 days.</summary>
    public TimeSpan? KeepRowsFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Videos together take at most this many bytes: beyond, the oldest go. Default 50 GiB.</summary>
    public long MaximumFileBytes { get; init; } = 50L << 30;

    /// <summary>With less free space on the disk, bytes, no new work is taken. Default 1 GiB.</summary>
    public long MinimumFreeBytes { get; init; } = 1L << 30;

    /// <summary>At the end of the process, a job that needs no longer than this is finished; another goes back to the queue. Default 25 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a worker may be silent before its job is given to another. Default 30 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a worker shows that it lives, and writes its progress: at least a fifth of <see cref="Lease"/>. Default 1 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often lost jobs are looked for. Default 5 s.</summary>
    public TimeSpan ReapInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A job whose engine says nothing for so long, or for ten times its median step if that is longer, is stopped and tried again; five times as long in
    /// the first step of a stage, which reads weights. More than 0. Default 2 minutes.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>An engine that was stopped so and does not return within this time is stuck: the process ends with code 1. Default 30 s.</summary>
    public TimeSpan StallGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>No attempt may take longer; the video fails. More than 0. Default 2 hours.</summary>
    public TimeSpan AttemptLimit { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Whether <c>/metrics</c> answers others than this machine. Default false.</summary>
    public bool HasPublicMetrics { get; init; }

    /// <summary>How long a call of <c>/v1/videos/sync</c> waits for its video before it is cancelled: more than 0. Default 10 minutes.</summary>
    public TimeSpan SyncTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The ffmpeg program or its folder; <see langword="null"/>: search PATH.</summary>
    public string? FfmpegPath { get; init; }

    /// <summary>Key of the hashes of API keys, at least 16 bytes; the same for all processes on one store. Empty by default: then keys cannot be used.</summary>
    public ReadOnlyMemory<byte> Pepper { get; init; }

    /// <summary>Whether an address to listen on can be reached from this machine alone.</summary>
    public static bool IsThisMachineOnly(string host) => Loopback.IsName(host);

    /// <summary>Looks whether the options can be used together.</summary>
    /// <exception cref="ArgumentException">They cannot.</exception>
    public void Check()
    {
        if (Host != "localhost" && !IPAddress.TryParse(Host, out _)) throw Wrong(nameof(Host), $"\"{Host}\"", "it must be localhost, or an IP address of this machine such as 127.0.0.1 or 0.0.0.0");
        if (Port is < 0 or > 65535) throw Wrong(nameof(Port), Port, "it must be from 0 to 65535");
        if (MaxQueued < 1) throw Wrong(nameof(MaxQueued), MaxQueued, "it must be at least 1");
        if (MaxAttempts < 1) throw Wrong(nameof(MaxAttempts), MaxAttempts, "it must be at least 1");
        if (Heartbeat <= TimeSpan.Zero || Heartbeat > Lease / 5) throw Wrong(nameof(Heartbeat), Heartbeat, $"it must be more than 0 and at most a fifth of the lease of {Lease}");
        if (SyncTimeout <= TimeSpan.Zero) throw Wrong(nameof(SyncTimeout), SyncTimeout, "it must be more than 0");
        // A client that repeats a request within a day must still find what became of the first.
        if (KeepRowsFor < TimeSpan.FromDays(1)) throw Wrong(nameof(KeepRowsFor), KeepRowsFor.Value, "it must be at least a day");
        if (StallTimeout <= TimeSpan.Zero) throw Wrong(nameof(StallTimeout), StallTimeout, "it must be more than 0");
        if (AttemptLimit <= TimeSpan.Zero) throw Wrong(nameof(AttemptLimit), AttemptLimit, "it must be more than 0");
        // Whoever reaches the port could use the machine.
        if (!RequiresKeys && !Loopback.IsName(Host)) throw Wrong(nameof(Host), $"\"{Host}\"", "without API keys only this machine may be listened on: 127.0.0.1, ::1 or localhost. Require keys, or listen there");
        if (RequiresKeys && Pepper.Length < MinimumPepperBytes) throw Wrong(nameof(Pepper), $"of {Pepper.Length} bytes", $"API keys need at least {MinimumPepperBytes} bytes");
    }

    private static ArgumentException Wrong(string name, object got, string allowed) => new(FormattableString.Invariant($"{name} {got} is not usable: {allowed}."));
}
