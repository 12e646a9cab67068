using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using XVideo.Service.Api.Replies;
using XVideo.Service.Files;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>What changes from one look at a job to the next, as events. Every change of the status is told once; of the progress, the newest.</summary>
internal sealed class JobWatch
{
    private readonly JobFiles _files;
    private Job? _before;
    private (long Epoch, int Step)? _preview;

    /// <summary>For a reader that is shown a job as it is now.</summary>
    /// <param name="files">Where previews are.</param>
    /// <param name="job">As it was shown.</param>
    public JobWatch(JobFiles files, Job job) => (_files, _before, _preview, Told) = (files, job, FindPreview(files, job), job.LastEvent);

    /// <summary>For a reader that comes back.</summary>
    /// <param name="files">Where previews are.</param>
    /// <param name="told">The number of the last status event that it has got.</param>
    public JobWatch(JobFiles files, long told) => (_files, Told) = (files, told);

    /// <summary>Whether the reader was shown the job.</summary>
    public bool IsShown => _before is not null;

    /// <summary>The number of the last status event that was told.</summary>
    public long Told { get; private set; }

    /// <summary>What is to be told.</summary>
    /// <param name="now">The next look.</param>
    /// <param name="events">The job's events after <see cref="Told"/>; old ones may be gone.</param>
    public IEnumerable<SseItem<string>> Changes(Job now, IReadOnlyList<JobEvent> events)
    {
        // What happened after the look is told after the next one.
        foreach (var entry in events.Where(entry => entry.Number > Told && entry.Number < now.LastEvent)) yield return Status(VideoObjects.After(now, entry), new EventId(entry.Epoch, entry.Number));
        if (now.LastEvent > Told) yield return Status(now, EventId.Of(now));
        Told = now.LastEvent;
        var before = _before;
        _before = now;
        if (now.State == JobState.Running && (before is null || (now.Epoch, now.Phase, now.Step, now.Progress) != (before.Epoch, before.Phase, before.Step, before.Progress)))
            yield return Item("progress", EventId.Of(now), VideoObjects.Progress(now), ApiJson.Readable.ProgressEvent);
        if (FindPreview(_files, now) is not { } preview || preview == _preview) yield break;
        _preview = preview;
        yield return Item("preview", EventId.Of(now), new PreviewEvent(preview.Step, $"/v1/videos/{now.Id}/preview"), ApiJson.Readable.PreviewEvent);
    }

    /// <summary>The whole video, as the event of some kind.</summary>
    public static SseItem<string> Whole(string kind, Job job, EventId id) => Item(kind, id, VideoObjects.From(job), ApiJson.Readable.VideoObject);

    private static SseItem<string> Status(Job job, EventId id) => Whole("status", job, id);

    private static SseItem<string> Item<T>(string kind, EventId id, T data, JsonTypeInfo<T> type) => new(JsonSerializer.Serialize(data, type), kind) { EventId = id.ToString() };

    private static (long Epoch, int Step)? FindPreview(JobFiles files, Job job) =>
        job.State == JobState.Running && files.FindPreview(new LeaseToken(job.Id, job.Epoch)) is { } preview ? (job.Epoch, preview.Step) : null;
}
