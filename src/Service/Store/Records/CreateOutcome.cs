namespace XVideo.Service.Store;

/// <summary>What became of a request to create a job.</summary>
public enum CreateOutcome
{
    /// <summary>A new job is in the queue, durably.</summary>
    Created,

    /// <summary>The request had been accepted before: its job, as it is now.</summary>
    Replayed,

    /// <summary>The idempotency key was used with another request. Nothing was created.</summary>
    KeyReused,

    /// <summary>The queue holds as many jobs as it may. Nothing was created.</summary>
    QueueFull,

    /// <summary>The owner has as many queued jobs as its key allows. Nothing was created.</summary>
    OwnerQueueFull,
}
