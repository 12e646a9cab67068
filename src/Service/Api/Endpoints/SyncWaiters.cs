using XVideo.Service.Api.Errors;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Calls that wait for their video. One of them may have been sent twice, so several may wait for one video.</summary>
internal sealed class SyncWaiters() : OpenCalls(50, MostPerKey, ApiErrors.TooManyWaiters(MostPerKey))
{
    private const int MostPerKey = 4;
    private readonly Dictionary<string, int> _waiting = [];

    /// <summary>Notes that a call waits for a job.</summary>
    public void Await(string jobId)
    {
        lock (_waiting) _waiting[jobId] = _waiting.GetValueOrDefault(jobId) + 1;
    }

    /// <summary>Notes that it waits no longer.</summary>
    /// <returns>Whether no other call of this process does.</returns>
    public bool Leave(string jobId)
    {
        lock (_waiting)
        {
            if (--_waiting[jobId] > 0) return false;
            _waiting.Remove(jobId);
            return true;
        }
    }
}
