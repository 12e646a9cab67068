using System.Globalization;
using Microsoft.AspNetCore.Http;
using XVideo.Service.Api.Errors;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>How soon a client should ask again.</summary>
internal static class Polling
{
    private const int ShortestMs = 1000;
    private const int LongestMs = 5000;

    /// <summary>Milliseconds until the next question; <see langword="null"/> when nothing more happens.</summary>
    /// <param name="job">What was asked for.</param>
    /// <param name="position">Its place in the queue, if it has one.</param>
    /// <param name="meanJobTime">How long jobs take, if that is known.</param>
    public static int? After(Job job, int? position, TimeSpan? meanJobTime) => job.State switch
    {
        JobState.Queued => Clamp((position ?? 1) * (meanJobTime?.TotalMilliseconds ?? 0) / 4),
        JobState.Running => Clamp((job.Eta?.TotalMilliseconds ?? 0) / 10),
        _ => null,
    };

    /// <summary>Tells the official clients' poll helpers.</summary>
    public static void Tell(HttpResponse response, int? afterMs)
    {
        if (afterMs is { } wait) response.Headers[ApiErrors.PollHeader] = wait.ToString(CultureInfo.InvariantCulture);
    }

    private static int Clamp(double milliseconds) => (int)Math.Clamp(milliseconds, ShortestMs, LongestMs);
}
