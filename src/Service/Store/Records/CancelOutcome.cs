namespace XVideo.Service.Store;

/// <summary>What became of a request to cancel.</summary>
public enum CancelOutcome
{
    /// <summary>There is no such job of this owner, or it was deleted.</summary>
    NotFound,

    /// <summary>It is cancelled, now or since before.</summary>
    Canceled,

    /// <summary>It runs; its worker has been asked, now or before, and stops at its next step.</summary>
    Requested,

    /// <summary>It is completed or failed; nothing changed.</summary>
    Finished,
}
