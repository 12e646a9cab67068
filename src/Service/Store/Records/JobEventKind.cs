namespace XVideo.Service.Store;

/// <summary>What happened to a job.</summary>
public enum JobEventKind
{
    /// <summary>Accepted.</summary>
    Created,

    /// <summary>A worker began an attempt.</summary>
    Claimed,

    /// <summary>Completed.</summary>
    Published,

    /// <summary>Given up.</summary>
    Failed,

    /// <summary>An attempt failed; queued again.</summary>
    Retried,

    /// <summary>A worker that stops gave it back; queued again.</summary>
    Released,

    /// <summary>Its worker was lost; queued again.</summary>
    Lost,

    /// <summary>Its owner asked a running job to end.</summary>
    CancelRequested,

    /// <summary>Ended as its owner asked.</summary>
    Canceled,

    /// <summary>Hidden from its owner. The end of a running attempt and the expiry of artifacts may follow.</summary>
    Deleted,

    /// <summary>Its artifacts were removed.</summary>
    Expired,
}
