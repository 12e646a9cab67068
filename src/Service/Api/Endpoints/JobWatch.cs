using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using XVideo.Service.Api.Replies;
using XVideo.Service.Files;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>What changes from one look at a job to the next, as events.</summary>
internal sealed class JobWatch
{
    private readonly JobFiles _files;
    private (long Epoch, int Step)? _preview;

    /// <param name="files">Where previews are.</param>
    /// <param name="job">The first look.</param>
    public JobWatch(JobFiles files, Job job) => (_files, Job, _preview) = (files, job, FindPreview(files, job));

    /// <summary>The last look.</summary>
    public Job Job { get; private set; }

    /// <summary>Events since the last look.</summary>
    /// <param name="now">The next look.</param>
    public IEnumerable<SseItem<string>> Changes(Job now)
    {
        var before = Job;
        Job = now;
        if (now.State != before.State || now.Epoch != before.Epoch) yield return Item("status", now, VideoObjects.From(now), ApiJson.Readable.VideoObject);
        if (now.State == JobState.Running && (now.Phase, now.Step, now.Progress) != (before.Phase, before.Step, before.Progress))
            yield return Item("progress", now, VideoObjects.Progress(now), ApiJson.Readable.ProgressEvent);
        if (FindPreview(_files, now) is not { } preview || preview == _preview) yield break;
        _preview = preview;
        yield return Item("preview", now, new PreviewEvent(preview.Step, $"/v1/videos/{now.Id}/preview"), ApiJson.Readable.PreviewEvent);
    }

    /// <summary>One event. Its id says where the job was; whoever comes back gets a snapshot of now, so there is nothing to replay.</summary>
    public static SseItem<string> Item<T>(string kind, Job job, T data, JsonTypeInfo<T> type) => new(JsonSerializer.Serialize(data, type), kind)
    {
        EventId = string.Create(CultureInfo.InvariantCulture, $"{job.Epoch}.{(int)job.Phase}.{job.Step}"),
    };

    private static (long Epoch, int Step)? FindPreview(JobFiles files, Job job) =>
        job.State == JobState.Running && files.FindPreview(new LeaseToken(job.Id, job.Epoch)) is { } preview ? (job.Epoch, preview.Step) : null;
}
