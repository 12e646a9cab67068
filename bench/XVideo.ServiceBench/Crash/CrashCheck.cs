using System.Security.Cryptography;
using XVideo.Service.Store;

namespace XVideo.ServiceBench.Crash;

/// <summary>Looks through store and disk for what is lost, double or different.</summary>
internal sealed class CrashCheck(IJobStore store, string filesFolder)
{
    private static readonly string[] Variants = ["spritesheet", "thumbnail", "video"];
    private readonly List<string> _problems = [];

    /// <summary>Attempts by how they ended.</summary>
    public Dictionary<string, int> Attempts { get; } = [];

    /// <summary>Of one job.</summary>
    public int MostAttempts { get; private set; }

    /// <summary>Jobs in the store.</summary>
    public int Jobs { get; private set; }

    /// <summary>Paths of all rows, relative to the folder of files.</summary>
    public HashSet<string> Paths { get; } = [];

    /// <summary>Checks every job.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="references">SHA-256 of the right file of each request.</param>
    /// <returns>Everything that is wrong.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(IReadOnlyList<CrashJob> asked, IReadOnlyList<byte[]> references)
    {
        var inStore = new Dictionary<string, Job>();
        for (string? after = null; ;)
        {
            var page = (await store.ListAsync(new JobQuery(null, 100, after, Ascending: true)))!;
            foreach (var job in page.Jobs) inStore[job.Id] = job;
            after = page.Jobs.LastOrDefault()?.Id;
            if (!page.HasMore) break;
        }
        Jobs = inStore.Count;
        foreach (var job in asked)
        {
            if (job.Id is null || !inStore.Remove(job.Id, out var row)) Add($"{job.Id ?? job.Key} is lost: it is not in the store");
            else await CheckAsync(row, references[job.Request]);
        }
        foreach (var stranger in inStore.Keys) Add($"{stranger} is in the store, and nobody has an answer that names it: a create was accepted twice");
        return _problems;
    }

    private async Task CheckAsync(Job job, byte[] reference)
    {
        if (job.State != JobState.Completed) Add($"{job.Id} is {job.State} {job.ErrorCode}");
        var attempts = await store.ListAttemptsAsync(job.Id);
        foreach (var attempt in attempts)
        {
            var outcome = attempt.Outcome?.ToString().ToLowerInvariant() ?? "without an end";
            Attempts[outcome] = Attempts.GetValueOrDefault(outcome) + 1;
        }
        MostAttempts = Math.Max(MostAttempts, attempts.Count);
        if (attempts.Count(attempt => attempt.Outcome == AttemptOutcome.Completed) != 1 || attempts.Any(attempt => attempt.Outcome is null or AttemptOutcome.Failed or AttemptOutcome.Canceled))
            Add($"{job.Id} has attempts that ended as {string.Join(", ", attempts.Select(attempt => attempt.Outcome))}");
        var completed = attempts.LastOrDefault(attempt => attempt.Outcome == AttemptOutcome.Completed)?.Epoch;
        if (job.ResultEpoch != completed) Add($"{job.Id} has the result of epoch {job.ResultEpoch}, and attempt {completed} completed");
        var artifacts = await store.ListArtifactsAsync(job.Id);
        if (!artifacts.Select(artifact => artifact.Variant).Order().SequenceEqual(Variants)) Add($"{job.Id} has the files {string.Join(", ", artifacts.Select(artifact => artifact.Path))}");
        foreach (var artifact in artifacts) await CheckAsync(job, artifact, reference);
    }

    private async Task CheckAsync(Job job, Artifact artifact, byte[] reference)
    {
        Paths.Add(artifact.Path);
        var path = Path.Combine(filesFolder, artifact.Path);
        if (!File.Exists(path))
        {
            Add($"{artifact.Path} is not on the disk");
            return;
        }
        var hash = SHA256.HashData(await File.ReadAllBytesAsync(path));
        if (!hash.SequenceEqual(artifact.Sha256)) Add($"{artifact.Path} is not the file that was published");
        if (artifact.Variant == "video" && !hash.SequenceEqual(reference)) Add($"{artifact.Path} differs from what xvideo generate makes");
        if (!artifact.Path.Contains($"{job.Id}.{job.ResultEpoch}.", StringComparison.Ordinal)) Add($"{artifact.Path} is not of epoch {job.ResultEpoch}");
    }

    private void Add(string problem) => _problems.Add(problem);
}
