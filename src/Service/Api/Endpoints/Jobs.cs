using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Security;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Finds the job that a route names.</summary>
internal static class Jobs
{
    /// <exception cref="ApiException">There is none, or it is another caller's: which one of them is not said.</exception>
    public static async Task<Job> FindAsync(IJobStore store, Caller caller, string id, CancellationToken cancellation) =>
        await store.GetAsync(Checked(id), caller.Reach, cancellation) ?? throw new ApiException(ApiErrors.VideoNotFound);

    /// <summary>An id that may be looked up.</summary>
    /// <exception cref="ApiException">It has not the form of one.</exception>
    public static string Checked(string id) => JobId.IsWellFormed(id) ? id : throw new ApiException(ApiErrors.VideoNotFound);
}
