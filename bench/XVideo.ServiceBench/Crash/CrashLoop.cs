using System.Diagnostics;
using System.Security.Cryptography;
using XVideo.Service.Store;
using XVideo.ServiceBench.Processes;

namespace XVideo.ServiceBench.Crash;

/// <summary>
/// Kills the real program while it makes videos, again and again, and looks afterwards whether every video that was accepted is there, once, with the frames of an undisturbed run.
/// </summary>
public sealed class CrashLoop : IAsyncDisposable
{
    // So many videos wait at any time that there is always work: one that was killed waits some seconds for its next attempt.
    private const int Waiting = 4;
    private const int Most = 3 * Waiting;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly CrashOptions _options;
    private readonly Random _random;
    private readonly CrashRequest[] _requests;
    private readonly List<CrashJob> _jobs = [];
    private readonly CrashClient _client = new();
    private readonly List<ServerProcess> _processes = [];
    private readonly Dictionary<KillMoment, int> _kills = [];

    private CrashLoop(CrashOptions options)
    {
        (_options, _random) = (options, new Random(options.Seed));
        _requests = [new("a red ball", 1, options.Steps), new("a blue cube", 2, options.Steps), new("a green cone", 3, options.Steps)];
    }

    private string Data => Path.Combine(_options.Folder, "data");

    private string Files => Path.Combine(Data, "files");

    private bool HasWorkers => _options.Queue is not null;

    /// <summary>Runs to the end.</summary>
    /// <exception cref="InvalidOperationException">A process ended by itself, or a video failed or was not finished in time.</exception>
    public static async Task<CrashReport> RunAsync(CrashOptions options)
    {
        await using var loop = new CrashLoop(options);
        return await loop.RunAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _client.Dispose();
    }

    private async Task<CrashReport> RunAsync()
    {
        Directory.CreateDirectory(Data);
        var references = new List<byte[]>();
        foreach (var request in _requests) references.Add(SHA256.HashData(await request.GenerateAsync(_options)));
        var clock = Stopwatch.StartNew();
        await StartAllAsync();
        for (var kill = 0; kill < _options.Kills; kill++) await KillOneAsync(kill);
        await FinishAsync();
        var elapsed = clock.Elapsed;
        await StopAllAsync();
        await using var store = await OpenStoreAsync();
        var check = new CrashCheck(store, Files);
        var problems = (await check.CheckAsync(_jobs, references)).ToList();
        var swept = await SweepAsync(check.Paths, problems);
        return new CrashReport
        {
            Kills = _kills,
            Elapsed = elapsed,
            Asked = _jobs.Count,
            Jobs = check.Jobs,
            LostAnswers = _client.Lost,
            Attempts = check.Attempts,
            MostAttempts = check.MostAttempts,
            Swept = swept,
            Problems = problems,
        };
    }

    private async Task KillOneAsync(int number)
    {
        await FillAsync();
        // Now and then a video is let through, or none would ever be finished between two kills.
        if (number % 3 == 2) await WaitForOneAsync();
        var target = HasWorkers && _random.Next(5) > 0 ? 1 + _random.Next(_options.Workers) : 0;
        var wanted = (KillMoment)(number % Enum.GetValues<KillMoment>().Length);
        using var limit = new CancellationTokenSource(Patience);
        var moment = await new MomentWatch(Files, _random).WaitAsync(wanted, limit.Token);
        if (_processes.Find(process => process.HasExited) is { } ended) throw new InvalidOperationException($"Process {ended.Id} ended by itself; look into {_options.Folder}/*.log.");
        // A create at the same time: its answer may be lost.
        var create = _jobs.Count(job => !job.IsDone) < Most ? AddAsync() : Task.CompletedTask;
        await _processes[target].KillAsync();
        _kills[moment] = _kills.GetValueOrDefault(moment) + 1;
        _options.Log($"kill {number + 1} of {_options.Kills}: {Name(target)} {moment}; {_jobs.Count(job => job.IsDone)} of {_jobs.Count} videos are done");
        await create;
        await _processes[target].DisposeAsync();
        _processes[target] = await StartAsync(target);
    }

    private async Task WaitForOneAsync()
    {
        var before = _jobs.Count(job => job.IsDone);
        for (var waited = Stopwatch.StartNew(); _jobs.Count(job => job.IsDone) == before && waited.Elapsed < Patience; await Task.Delay(100))
            foreach (var job in _jobs.Where(job => job.Id is not null && !job.IsDone)) await _client.RefreshAsync(job);
    }

    private async Task StartAllAsync()
    {
        for (var at = 0; at < (HasWorkers ? 1 + _options.Workers : 1); at++) _processes.Add(await StartAsync(at));
    }

    private async Task<ServerProcess> StartAsync(int at)
    {
        var log = Path.Combine(_options.Folder, $"{Name(at)}.log");
        string[] common = ["--model", _options.Model, "--data", Data, "--checkpoint-seconds", "0.2", .. _options.Queue is { } queue ? (string[])["--queue", queue] : []];
        if (at > 0) return ServerProcess.StartWorker([.. _options.Program, "worker", .. common], log);
        var server = await ServerProcess.StartServerAsync([.. _options.Program, "serve", "--port", "0", "--max-attempts", "1000", .. common, .. HasWorkers ? (string[])["--no-worker"] : []], log);
        _client.Address = server.Address;
        return server;
    }

    private async Task StopAllAsync()
    {
        // The server last: workers need nothing of it, but that is the order in which a person would stop them.
        foreach (var process in Enumerable.Reverse(_processes))
        {
            var code = await process.TerminateAsync();
            if (code != 0) throw new InvalidOperationException($"A process that was asked to end did so with {code}; look into {_options.Folder}/*.log.");
            await process.DisposeAsync();
        }
        _processes.Clear();
    }

    // Keeps the queue filled, and asks again for what got no answer.
    private async Task FillAsync()
    {
        foreach (var job in _jobs.Where(job => job.Id is not null && !job.IsDone)) await _client.RefreshAsync(job);
        foreach (var job in _jobs.Where(job => job.Id is null)) await _client.CreateAsync(job, _requests[job.Request]);
        while (_jobs.Count(job => !job.IsDone) < Waiting) await AddAsync();
    }

    private async Task AddAsync()
    {
        var job = new CrashJob($"crash-{_options.Seed}-{_jobs.Count}", _jobs.Count % _requests.Length);
        _jobs.Add(job);
        await _client.CreateAsync(job, _requests[job.Request]);
    }

    private async Task FinishAsync()
    {
        var (waited, left) = (Stopwatch.StartNew(), int.MaxValue);
        while (_jobs.Count(job => !job.IsDone) is > 0 and var now)
        {
            if (now < left) waited.Restart();
            left = now;
            await Task.Delay(200);
            foreach (var job in _jobs.Where(job => job.Id is null)) await _client.CreateAsync(job, _requests[job.Request]);
            foreach (var job in _jobs.Where(job => job.Id is not null && !job.IsDone)) await _client.RefreshAsync(job);
            if (waited.Elapsed > Patience) throw new InvalidOperationException($"{left} videos are not finished, and none was in the last {Patience.TotalMinutes:0} minutes; look into {_options.Folder}/*.log.");
        }
    }

    // Files count as forgotten after an hour: they are made to look older than that, and the next start of a server sweeps.
    private async Task<int> SweepAsync(HashSet<string> known, List<string> problems)
    {
        foreach (var path in AllFiles()) File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        var before = Left(known).Count;
        _processes.Add(await StartAsync(0));
        for (var waited = Stopwatch.StartNew(); Left(known).Count > 0 && waited.Elapsed < TimeSpan.FromSeconds(20);) await Task.Delay(100);
        problems.AddRange(Left(known).Select(path => $"{path} belongs to nothing, and was not swept away"));
        problems.AddRange(known.Where(path => !File.Exists(Path.Combine(Files, path))).Select(path => $"{path} was swept away, and must not be"));
        return before;
    }

    private List<string> Left(HashSet<string> known) => [.. AllFiles().Select(path => Path.GetRelativePath(Files, path)).Where(path => !known.Contains(path))];

    private string[] AllFiles() => Directory.GetFiles(Files, "*", SearchOption.AllDirectories);

    private string Name(int at) => at == 0 ? "serve" : $"worker-{at}";

    private async Task<IJobStore> OpenStoreAsync() => _options.Queue is { } connection
        ? await PostgresJobStore.OpenAsync(new PostgresJobStoreOptions { ConnectionString = connection })
        : await SqliteJobStore.OpenAsync(new SqliteJobStoreOptions { Path = Path.Combine(Data, "jobs.db") }, TimeProvider.System);
}
