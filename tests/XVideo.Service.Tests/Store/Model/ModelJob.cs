using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

/// <summary>What a job is in the model: only what the state machine speaks of.</summary>
internal sealed class ModelJob(string id, long sequence, string owner, int priority, int maxAttempts)
{
    public string Id => id;

    public long Sequence => sequence;

    public string Owner => owner;

    public int Priority => priority;

    public int MaxAttempts => maxAttempts;

    public JobState State { get; set; } = JobState.Queued;

    public int Attempts { get; set; }

    public long Epoch { get; set; }

    public long RunAfter { get; set; }

    public long LeaseEnd { get; set; }

    public bool IsCancelRequested { get; set; }

    public bool IsDeleted => DeletedAt is not null;

    public long? ResultEpoch { get; set; }

    /// <summary>When it ended.</summary>
    public long? End { get; set; }

    /// <summary>When its file may go, or went.</summary>
    public long? Expiry { get; set; }

    public bool HasFile { get; set; }

    public long? DeletedAt { get; set; }

    /// <summary>Times that it was given back.</summary>
    public int Releases { get; set; }

    public bool IsFinal => State is JobState.Completed or JobState.Failed or JobState.Canceled;

    public override string ToString() =>
        $"{Id} {State} attempts={Attempts} epoch={Epoch} cancel={IsCancelRequested} deleted={IsDeleted} result={ResultEpoch} artifacts={(HasFile ? 1 : 0)}";
}
