using XVideo.Pipeline.Requests;
using XVideo.Service.Store;

namespace XVideo.Service.Worker;

/// <summary>Turns the progress of a stage into the progress of a job.</summary>
internal static class ProgressScale
{
    // Shares of the time of a usual video, in percent; publishing has the rest.
    private const int Text = 2, Denoise = 83, Decode = 10;

    /// <summary>What the store keeps of it.</summary>
    public static JobProgress From(GenerationProgress progress)
    {
        var (phase, begin, share) = progress.Stage switch
        {
            "load" => (JobPhase.Loading, 0, 0),
            "encode prompt" => (JobPhase.TextEncode, 0, Text),
            "denoise" => (JobPhase.Denoise, Text, Denoise),
            _ => (JobPhase.VaeDecode, Text + Denoise, Decode),
        };
        return new JobProgress(phase, progress.Done, progress.Total, begin + (share * progress.Done / Math.Max(1, progress.Total)), progress.Remaining);
    }

    /// <summary>While the finished file is moved to its place.</summary>
    public static JobProgress Publishing { get; } = new(JobPhase.Publish, 0, 1, Text + Denoise + Decode, TimeSpan.Zero);
}
