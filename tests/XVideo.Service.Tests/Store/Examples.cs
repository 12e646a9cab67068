using System.Security.Cryptography;
using System.Text;
using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

/// <summary>Things to put into a store.</summary>
internal static class Examples
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public static readonly JobFailure Transient = new("device_lost", "The device was lost.", IsTransient: true);

    public static readonly JobFailure Permanent = new("invalid_output", "The frames are not finite.", IsTransient: false);

    public static byte[] Hash(string of) => SHA256.HashData(Encoding.UTF8.GetBytes(of));

    public static NewJob Job(string prompt = "a red ball", string owner = ApiKey.LocalId) => new()
    {
        OwnerKeyId = owner,
        Model = "default",
        Prompt = prompt,
        Parameters = $$"""{"b": 1, "a":"{{prompt}}"}""",
        RequestHash = Hash(prompt),
        Seed = 42,
        CostUnits = 10,
    };

    public static ApiKey Key(string id, int maxQueued = 1000, int maxRunning = 1000) =>
        new() { KeyId = id, SecretHash = Hash(id), Label = $"key {id}", Scopes = ["videos:read", "videos:write"], MaxQueued = maxQueued, MaxRunning = maxRunning };

    public static Artifact Video(LeaseToken token, long bytes = 1000) => new("video", $"videos/{token.JobId}.{token.Epoch}.mp4", "video/mp4", bytes, Hash("video"), 832, 480);

    public static Artifact Thumbnail(LeaseToken token) => new("thumbnail", $"videos/{token.JobId}.{token.Epoch}.webp", "image/webp", 10, Hash("thumbnail"), 208, 120);

    public static WorkerInfo Worker(string id, string host = "one", string boot = "boot-1") => new(id, host, boot, 4711, "CPU", "0.1.0");

    public static async Task<Job> CreateAsync(this IJobStore store, NewJob? job = null)
    {
        var result = await store.CreateAsync(job ?? Job(), int.MaxValue);
        Assert.Equal(CreateOutcome.Created, result.Outcome);
        return result.Job!;
    }

    public static async Task<Lease> ClaimAsync(this IJobStore store, string worker = "worker-1")
    {
        var lease = await store.ClaimAsync(worker, Lease);
        Assert.NotNull(lease);
        return lease;
    }

    public static Task<PublishOutcome> PublishAsync(this IJobStore store, LeaseToken token) => store.PublishAsync(token, [Video(token)], TimeSpan.FromHours(24));

    /// <summary>A job that is there.</summary>
    public static async Task<Job> SeeAsync(this IJobStore store, string id)
    {
        var job = await store.GetAsync(id, null);
        Assert.NotNull(job);
        return job;
    }

    public static async Task<string> KindsAsync(this IJobStore store, string id) => string.Join(' ', (await store.ListEventsAsync(id)).Select(entry => entry.Kind));
}
