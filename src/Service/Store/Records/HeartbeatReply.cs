namespace XVideo.Service.Store;

/// <summary>What a heartbeat found.</summary>
public enum HeartbeatReply
{
    /// <summary>The lease is extended: go on.</summary>
    Held,

    /// <summary>The lease is extended, but the job was cancelled or deleted: stop at the next step and call <see cref="IJobStore.FinishCanceledAsync"/>.</summary>
    CancelRequested,

    /// <summary>The job is somebody else's or finished. Stop, and delete what was written.</summary>
    Lost,
}
