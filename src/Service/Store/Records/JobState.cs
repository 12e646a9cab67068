namespace XVideo.Service.Store;

/// <summary>Where a job is. <see cref="Completed"/>, <see cref="Failed"/> and <see cref="Canceled"/> are final.</summary>
public enum JobState
{
    /// <summary>Waits for a worker, for the first time or again.</summary>
    Queued,

    /// <summary>A worker holds its lease.</summary>
    Running,

    /// <summary>Published. Its artifacts may have expired since.</summary>
    Completed,

    /// <summary>Given up; the error says why.</summary>
    Failed,

    /// <summary>Ended because its owner asked.</summary>
    Canceled,
}
