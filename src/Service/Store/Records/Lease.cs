namespace XVideo.Service.Store;

/// <summary>A job that was claimed.</summary>
/// <param name="Job">As it is after the claim.</param>
/// <param name="Checkpoint">Where an earlier attempt got to; <see langword="null"/> if it left none.</param>
public sealed record Lease(Job Job, Checkpoint? Checkpoint)
{
    /// <summary>What the worker's writes carry.</summary>
    public LeaseToken Token => new(Job.Id, Job.Epoch);
}
