namespace XVideo.ServiceBench.Crash;

/// <summary>What a <see cref="CrashLoop"/> does.</summary>
public sealed record CrashOptions
{
    /// <summary>The program: its path, with what comes before it if it needs a host.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>Model folder; a small one, so that a video takes a second or two.</summary>
    public required string Model { get; init; }

    /// <summary>A new folder for data, logs and references.</summary>
    public required string Folder { get; init; }

    /// <summary>How many processes are killed.</summary>
    public required int Kills { get; init; }

    /// <summary>PostgreSQL, of a connection string, with workers apart from the server; <see langword="null"/>: SQLite, and one process for both.</summary>
    public string? Queue { get; init; }

    /// <summary>Processes of the <c>worker</c> command where there is a <see cref="Queue"/>. Default 2.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Decides when, and which process, is killed. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Denoising steps of a video. Default 60: most of its time.</summary>
    public int Steps { get; init; } = 60;

    /// <summary>Told what happens.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
