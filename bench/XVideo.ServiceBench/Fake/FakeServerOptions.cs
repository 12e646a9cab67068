using System.Globalization;
using System.Text;

namespace XVideo.ServiceBench.Fake;

/// <summary>How a <see cref="FakeServer"/> is set up. As command line: <see cref="Arguments"/>.</summary>
public sealed record FakeServerOptions
{
    /// <summary>Of the SQLite file, and of the files unless <see cref="FilesFolder"/> says otherwise.</summary>
    public required string Folder { get; init; }

    /// <summary>Of the videos.</summary>
    public string? FilesFolder { get; init; }

    /// <summary>PostgreSQL instead of SQLite: a connection string.</summary>
    public string? Queue { get; init; }

    /// <summary>Only the API.</summary>
    public bool HasNoWorker { get; init; }

    /// <summary>Whether calls need a key, hashed with <see cref="Pepper"/>.</summary>
    public bool RequiresKeys { get; init; }

    /// <summary>Whether the log tells of every job.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>How long a step takes. Default 100 ms.</summary>
    public TimeSpan StepTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>As in <see cref="XVideo.Service.ServiceOptions"/>. Default 3 s, so that a lost worker is soon noticed.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>As there. Default 25 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Jobs that may wait. Default 200.</summary>
    public int MaxQueued { get; init; } = 200;

    /// <summary>Attempts at a job. Default 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>What keys are hashed with.</summary>
    public static ReadOnlyMemory<byte> Pepper { get; } = Encoding.ASCII.GetBytes("the pepper of load tests");

    /// <summary>The command that starts such a server.</summary>
    public IReadOnlyList<string> Command =>
    [
        Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet", typeof(FakeServerOptions).Assembly.Location, "serve", .. Arguments,
    ];

    /// <summary>Behind <c>serve</c>.</summary>
    private IEnumerable<string> Arguments
    {
        get
        {
            yield return $"--folder={Folder}";
            if (FilesFolder is not null) yield return $"--files={FilesFolder}";
            if (Queue is not null) yield return $"--queue={Queue}";
            if (HasNoWorker) yield return "--no-worker";
            if (RequiresKeys) yield return "--require-keys";
            if (IsVerbose) yield return "--verbose";
            yield return string.Create(CultureInfo.InvariantCulture, $"--step-ms={StepTime.TotalMilliseconds}");
            yield return string.Create(CultureInfo.InvariantCulture, $"--lease-ms={Lease.TotalMilliseconds}");
            yield return string.Create(CultureInfo.InvariantCulture, $"--drain-ms={DrainTimeout.TotalMilliseconds}");
            yield return string.Create(CultureInfo.InvariantCulture, $"--max-queued={MaxQueued}");
            yield return string.Create(CultureInfo.InvariantCulture, $"--max-attempts={MaxAttempts}");
        }
    }
}
