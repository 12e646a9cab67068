namespace XVideo.Service.Store;

/// <summary>A job that was claimed.</summary>
/// <param name="Job">As it is after the claim.</param>
public sealed record Lease(Job Job)
{
    /// <summary>What the worker's writes carry.</summary>
    public LeaseToken Token => new(Job.Id, Job.Epoch);
}
