using System.Diagnostics;
using XVideo.Pipeline.Requests;
using XVideo.Service.Store;

namespace XVideo.Service.Observe;

/// <summary>The spans of one attempt: a root that is linked to the request which created the video, with one child for each phase.</summary>
internal sealed class AttemptTrace : IDisposable
{
    /// <summary>What the conventions for generative AI call it: they have no word for videos.</summary>
    public const string Operation = "generate_content";

    /// <summary>The phase after the engine's own.</summary>
    public const string PublishPhase = "publish";

    // A span for every step would be most of all spans.
    private const int StepsPerEvent = 10;

    private readonly Lock _one = new();
    private readonly Activity? _root;
    private Activity? _phase;
    private string? _name;

    private AttemptTrace(Activity? root) => _root = root;

    /// <summary>Begins the root. It becomes the current activity of the caller, so that log lines carry its id.</summary>
    /// <param name="job">As it was claimed.</param>
    public static AttemptTrace Start(Job job)
    {
        Activity.Current = null; // a root, whatever the worker was called from
        ActivityLink[] links = ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var creator) ? [new ActivityLink(creator)] : [];
        var root = ServiceTelemetry.Source.StartActivity(ActivityKind.Internal, tags: Tags(job), links: links, name: $"{Operation} {job.Model}");
        return new AttemptTrace(root);
    }

    /// <summary>The phase that a stage of the engine belongs to.</summary>
    public static string PhaseName(string stage) => stage switch
    {
        "load" => "loading",
        "encode prompt" => "text_encode",
        "denoise" => "denoise",
        _ => "vae_decode",
    };

    /// <summary>Says what is made; the prompt stays out.</summary>
    public void Describe(ResolvedRequest request) => _root?
        .SetTag("videogen.width", request.Width).SetTag("videogen.height", request.Height).SetTag("videogen.frames", request.FrameCount)
        .SetTag("videogen.steps", request.Steps).SetTag("videogen.attention", request.Attention.Method);

    /// <summary>Notes how far the engine is.</summary>
    public void Report(GenerationProgress progress)
    {
        if (_root is null) return;
        lock (_one)
        {
            Enter(PhaseName(progress.Stage));
            if (progress is { Stage: "denoise", Done: > 0 } && progress.Done % StepsPerEvent == 0)
                _phase?.AddEvent(new ActivityEvent("step", tags: new() { ["step"] = progress.Done, ["steps_total"] = progress.Total }));
        }
    }

    /// <summary>The engine is done; its file goes to its place.</summary>
    public void Publishing()
    {
        lock (_one) Enter(PublishPhase);
    }

    /// <summary>Says how it ended.</summary>
    public void End(AttemptOutcome outcome, string? errorCode)
    {
        lock (_one) Enter(null);
        _root?.SetTag("videogen.outcome", outcome.ToString().ToLowerInvariant());
        if (errorCode is null) return;
        _root?.SetTag("error.type", errorCode);
        _root?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => _root?.Dispose();

    // Called on the engine's thread too, whose current activity must stay what it is.
    private void Enter(string? name)
    {
        if (_root is null || name == _name) return;
        var current = Activity.Current;
        _phase?.Dispose();
        _name = name;
        _phase = name is null ? null : ServiceTelemetry.Source.StartActivity(name, ActivityKind.Internal, _root.Context);
        Activity.Current = current;
    }

    private static TagList Tags(Job job) => new()
    {
        { "gen_ai.operation.name", Operation },
        { "gen_ai.provider.name", "xvideo" },
        { "gen_ai.request.model", job.Model },
        { "gen_ai.response.model", job.Model },
        { "gen_ai.output.type", "video" },
        { "videogen.job.id", job.Id },
        { "videogen.job.epoch", job.Epoch },
        { "videogen.job.attempt", job.Attempts },
    };
}
