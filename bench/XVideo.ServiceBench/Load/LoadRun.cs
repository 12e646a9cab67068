using System.Diagnostics;
using XVideo.Service.Api.Security;
using XVideo.Service.Store;
using XVideo.ServiceBench.Fake;
using XVideo.ServiceBench.Processes;

namespace XVideo.ServiceBench.Load;

/// <summary>Closed-loop clients against a server process with a <see cref="FakeEngine"/>. Limits are raised by the keys and by options; all of them are checked all the same.</summary>
internal sealed class LoadRun(LoadOptions options)
{
    private const int Keys = 50; // 4 event streams each
    private const int Readers = 200;
    private const int ListedJobs = 10_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-load-").FullName;
    private int _server;

    /// <summary>All phases; prints as it goes.</summary>
    public async Task RunAsync()
    {
        Console.WriteLine($"FakeEngine on {(options.Queue is null ? "SQLite (synchronous=FULL)" : "PostgreSQL")}; clients and server share {Environment.ProcessorCount} cores; {options.Clients} clients without pause; {Keys} API keys");
        var keys = await AddKeysAsync();
        // Jobs of a second: the worker is at work all the time, and the queue stays.
        await using (var server = await StartAsync(TimeSpan.FromMilliseconds(250)))
        {
            _server = server.Id;
            using var client = new LoadClient(server.Address!, keys);
            await WarmAsync(client);
            await CreatesAsync(client);
            await StatusAsync(client, "status");
            await ListAsync(client, keys[0]);
            await StatusAsync(client, $"status, {ListedJobs} queued besides");
            await EventsAsync(client);
            Console.WriteLine($"SIGTERM with work in the queue: exit code {await server.TerminateAsync()}");
        }
        if (options.MixedMinutes > 0)
        {
            await ClearAsync();
            await using var server = await StartAsync(TimeSpan.FromMilliseconds(1));
            using var client = new LoadClient(server.Address!, keys);
            await new MixedLoad(client, keys, new ServerSamples(server.Id, Path.Combine(_folder, "data"))).RunAsync(TimeSpan.FromMinutes(options.MixedMinutes));
            Console.WriteLine($"SIGTERM: exit code {await server.TerminateAsync()}");
        }
        Directory.Delete(_folder, recursive: true);
    }

    private Task<ServerProcess> StartAsync(TimeSpan step) => ServerProcess.StartServerAsync(Server(step).Command, Path.Combine(_folder, "server.log"));

    private FakeServerOptions Server(TimeSpan step) => new()
    {
        Folder = Path.Combine(_folder, "data"), Queue = options.Queue, RequiresKeys = true, StepTime = step, Lease = TimeSpan.FromSeconds(30), MaxQueued = 1_000_000,
    };

    private async Task<IReadOnlyList<string>> AddKeysAsync()
    {
        await using var store = await FakeServer.OpenAsync(Server(default));
        var texts = new List<string>();
        for (var at = 0; at < Keys; at++)
        {
            var (text, id, hash) = ApiKeySecret.Create(FakeServerOptions.Pepper.Span);
            await store.AddKeyAsync(new ApiKey { KeyId = id, SecretHash = hash, Label = "load", Scopes = Scopes.Usual, CreatesPerMinute = 1_000_000, ReadsPerMinute = 1_000_000, MaxQueued = 1_000_000 });
            texts.Add(text);
        }
        return texts;
    }

    // The mixed phase begins with an empty queue.
    private async Task ClearAsync()
    {
        await using var store = await FakeServer.OpenAsync(Server(default));
        while ((await store.ListAsync(new JobQuery(null, 100)))!.Jobs is { Count: > 0 } jobs)
            foreach (var job in jobs) await store.DeleteAsync(job.Id, null);
    }

    private async Task WarmAsync(LoadClient client)
    {
        var unused = new Latencies();
        await ClosedLoop.RunAsync(options.Clients, TimeSpan.FromSeconds(3), _ => client.CreateAsync(unused));
        var ids = client.Ids.ToArray();
        await ClosedLoop.RunAsync(options.Clients, TimeSpan.FromSeconds(3), random => client.StatusAsync(ids[random.Next(ids.Length)], unused));
    }

    private async Task CreatesAsync(LoadClient client)
    {
        var (latencies, cpu) = (new Latencies(), CpuTime.Of(_server));
        var elapsed = await ClosedLoop.RunAsync(options.Clients, TimeSpan.FromSeconds(options.Seconds), _ => client.CreateAsync(latencies));
        Console.WriteLine(latencies.Describe("create", elapsed, CpuTime.Of(_server) - cpu));
    }

    private async Task StatusAsync(LoadClient client, string name)
    {
        var (latencies, ids, cpu) = (new Latencies(), client.Ids.ToArray(), CpuTime.Of(_server));
        var elapsed = await ClosedLoop.RunAsync(options.Clients, TimeSpan.FromSeconds(options.Seconds), random => client.StatusAsync(ids[random.Next(ids.Length)], latencies));
        Console.WriteLine(latencies.Describe(name, elapsed, CpuTime.Of(_server) - cpu));
    }

    private async Task ListAsync(LoadClient client, string key)
    {
        await QueueAsync(client, key);
        var (first, all) = (new Latencies(), new Latencies());
        var (begin, cpu) = (Stopwatch.GetTimestamp(), CpuTime.Of(_server));
        var seen = 0;
        for (var after = default(string); ;)
        {
            (after, var count) = await client.PageAsync(key, after, after is null ? first : all);
            seen += count;
            if (after is null) break;
        }
        Console.WriteLine(all.Describe($"all {all.Count} pages of {seen} queued", Stopwatch.GetElapsedTime(begin), CpuTime.Of(_server) - cpu));
        cpu = CpuTime.Of(_server);
        var elapsed = await ClosedLoop.RunAsync(4, TimeSpan.FromSeconds(options.Seconds), _ => client.PageAsync(key, null, first));
        Console.WriteLine(first.Describe("first page of 100", elapsed, CpuTime.Of(_server) - cpu));
    }

    // As many jobs of one owner as that, written past the API: a key may create 5 at once, whatever its rate.
    private async Task QueueAsync(LoadClient client, string key)
    {
        await using var store = await FakeServer.OpenAsync(Server(default));
        var like = (await store.GetAsync(client.Ids.First(), null))!;
        var owner = key.Split('_')[1];
        var queued = (await store.GetQueueStatusAsync(owner)).Queued;
        for (var at = queued; at < ListedJobs; at++)
            await store.CreateAsync(new NewJob { OwnerKeyId = owner, Model = like.Model, Prompt = like.Prompt, Parameters = like.Parameters, RequestHash = like.RequestHash, Seed = at, CostUnits = like.CostUnits }, int.MaxValue);
    }

    private async Task EventsAsync(LoadClient client)
    {
        var (status, ids) = (new Latencies(), client.Ids.ToArray());
        var time = TimeSpan.FromSeconds(options.Seconds);
        using var end = new CancellationTokenSource(time);
        // Four streams of every key: as many as the server allows.
        var followed = ids.GroupBy(client.KeyOf).SelectMany(own => own.TakeLast(Readers / Keys)).ToArray();
        var streams = followed.Select(id => client.FollowAsync(id, end.Token)).ToArray();
        var elapsed = await ClosedLoop.RunAsync(100, time, random => client.StatusAsync(ids[random.Next(ids.Length)], status), TimeSpan.FromMilliseconds(200));
        var lines = await Task.WhenAll(streams);
        Console.WriteLine(status.Describe($"status, {followed.Length} event streams", elapsed));
        if (lines.Any(count => count == 0)) Console.WriteLine($"  FAILED: {lines.Count(count => count == 0)} event streams said nothing");
    }
}
