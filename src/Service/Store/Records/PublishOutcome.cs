namespace XVideo.Service.Store;

/// <summary>What became of a publication.</summary>
public enum PublishOutcome
{
    /// <summary>The job is completed with these artifacts. Publishing again with the same token says so again.</summary>
    Published,

    /// <summary>The job was cancelled or deleted meanwhile; nothing changed. Delete the files and call <see cref="IJobStore.FinishCanceledAsync"/>.</summary>
    CancelRequested,

    /// <summary>The job is somebody else's or finished; nothing changed. Delete the files.</summary>
    Lost,
}
