namespace XVideo.ServiceBench.Crash;

/// <summary>One video that was asked for.</summary>
/// <param name="Key">Its idempotency key: a create whose answer was lost is sent again with it.</param>
/// <param name="Request">Which of the requests, from 0.</param>
internal sealed record CrashJob(string Key, int Request)
{
    /// <summary>What the server calls it, as soon as it has answered.</summary>
    public string? Id { get; set; }

    /// <summary>Whether it was seen completed.</summary>
    public bool IsDone { get; set; }
}
