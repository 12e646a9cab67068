namespace XVideo.Service.Store;

/// <summary>The store could not do what was asked; nothing of it was done, or it is not known whether it was.</summary>
public sealed class JobStoreException(JobStoreProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public JobStoreProblem Problem { get; } = problem;
}
