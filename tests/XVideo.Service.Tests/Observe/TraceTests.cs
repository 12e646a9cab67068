using System.Collections.Concurrent;
using System.Diagnostics;
using XVideo.Service.Observe;
using XVideo.Service.Tests.Api;

namespace XVideo.Service.Tests.Observe;

public sealed class TraceTests
{
    [Fact]
    public async Task Traces_OfAVideo_AreTheCreateAndALinkedRootWithItsPhases()
    {
        using var spans = new Spans();
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var client = ActivityTraceId.CreateRandom();
        var created = await server.CreateAsync(new { prompt = "wombat in a teacup", num_inference_steps = 20 }, null, ("traceparent", $"00-{client}-00f067aa0ba902b7-01"));
        var id = created.Json.GetProperty("id").GetString()!;
        await server.WaitAsync(id, "completed");
        await ApiServer.UntilAsync(() => spans.Of(id).Count == 2);

        var create = spans.Of(id).Single(span => span.OperationName == "videos.create");
        var root = spans.Of(id).Single(span => span.OperationName == $"generate_content {FakeEngine.ModelId}");
        Assert.Equal(client, create.TraceId);
        Assert.Null(root.Parent);
        Assert.Equal(default, root.ParentSpanId);
        Assert.Equal(create.Context.SpanId, Assert.Single(root.Links).Context.SpanId);
        Assert.Equal(("completed", "video", 1L), (root.GetTagItem("videogen.outcome"), root.GetTagItem("gen_ai.output.type"), root.GetTagItem("videogen.job.epoch")));
        Assert.Equal(20, root.GetTagItem("videogen.steps"));
        var phases = spans.All.Where(span => span.TraceId == root.TraceId && span != root).OrderBy(span => span.StartTimeUtc).ToList();
        Assert.Equal(["text_encode", "denoise", "publish"], phases.Select(span => span.OperationName));
        Assert.All(phases, span => Assert.Equal(root.SpanId, span.ParentSpanId));
        Assert.Equal([10, 20], phases[1].Events.Select(step => step.Tags.Single(tag => tag.Key == "step").Value));
        Assert.DoesNotContain(spans.All.Where(span => span.TraceId == root.TraceId || span.TraceId == client),
            span => span.TagObjects.Any(tag => tag.Value?.ToString()?.Contains("wombat", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task Traces_OfAFailure_SayWhich()
    {
        using var spans = new Spans();
        using var engine = new FakeEngine { Failure = new OutOfMemoryException("wombat") };
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "failed");
        await ApiServer.UntilAsync(() => spans.Of(id).Any(span => span.OperationName.StartsWith("generate", StringComparison.Ordinal)));

        var root = spans.Of(id).Single(span => span.OperationName.StartsWith("generate", StringComparison.Ordinal));

        Assert.Equal((ActivityStatusCode.Error, "out_of_memory", "failed"), (root.Status, root.GetTagItem("error.type"), root.GetTagItem("videogen.outcome")));
    }

    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = [];
        private readonly ActivityListener _listener;

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => ServiceTelemetry.Sources.Contains(source.Name),
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyCollection<Activity> All => _ended;

        public IReadOnlyList<Activity> Of(string id) => [.. _ended.Where(span => span.GetTagItem("videogen.job.id") as string == id)];

        public void Dispose() => _listener.Dispose();
    }
}
