namespace XVideo.Service.Store;

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>It published.</summary>
    Completed,

    /// <summary>It reported a failure, transient or not.</summary>
    Failed,

    /// <summary>The owner asked.</summary>
    Canceled,

    /// <summary>The worker gave the job back before it stopped.</summary>
    Released,

    /// <summary>The worker was not heard of for a whole lease.</summary>
    Lost,
}
