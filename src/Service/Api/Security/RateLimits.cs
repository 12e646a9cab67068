using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using XVideo.Service.Api.Errors;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Security;

/// <summary>How often a key may call, by token buckets in this process: a key's limits hold for each process that serves it.</summary>
internal sealed class RateLimits : IDisposable
{
    private const int CreateBurst = 5;
    private const int ReadBurst = 100;
    private const int FailuresPerMinute = 20;

    // A bucket belongs to one set of limits: a key whose limits change gets a new one.
    private readonly PartitionedRateLimiter<ApiKey> _creates = PartitionedRateLimiter.Create<ApiKey, (string, int)>(
        key => Bucket((key.KeyId, key.CreatesPerMinute), key.CreatesPerMinute, CreateBurst));

    private readonly PartitionedRateLimiter<ApiKey> _reads = PartitionedRateLimiter.Create<ApiKey, (string, int)>(
        key => Bucket((key.KeyId, key.ReadsPerMinute), key.ReadsPerMinute, ReadBurst));

    private readonly PartitionedRateLimiter<string> _failures = PartitionedRateLimiter.Create<string, string>(address => Bucket(address, FailuresPerMinute, FailuresPerMinute));

    /// <summary>Counts a call that makes a job, and says in headers what is left.</summary>
    /// <exception cref="ApiException">There were too many.</exception>
    public void Create(HttpContext context, Caller caller)
    {
        if (caller.IsLocal) return;
        using var lease = _creates.AttemptAcquire(caller.Key);
        var (perMinute, left) = (caller.Key.CreatesPerMinute, _creates.GetStatistics(caller.Key)?.CurrentAvailablePermits ?? 0);
        var full = TimeSpan.FromMinutes((Burst(perMinute, CreateBurst) - left) / (double)perMinute);
        Set("limit", perMinute.ToString(CultureInfo.InvariantCulture));
        Set("remaining", left.ToString(CultureInfo.InvariantCulture));
        Set("reset", string.Create(CultureInfo.InvariantCulture, $"{full.TotalSeconds:0.###}s"));
        if (!lease.IsAcquired) throw TooMany(perMinute);

        void Set(string name, string value) => context.Response.Headers[$"x-ratelimit-{name}-requests"] = value;
    }

    /// <summary>Counts any other call.</summary>
    /// <exception cref="ApiException">There were too many.</exception>
    public void Read(Caller caller)
    {
        if (caller.IsLocal) return;
        using var lease = _reads.AttemptAcquire(caller.Key);
        if (!lease.IsAcquired) throw TooMany(caller.Key.ReadsPerMinute);
    }

    /// <summary>Looks whether an address has tried too many wrong keys; that counts nothing.</summary>
    /// <exception cref="ApiException">It has.</exception>
    public void CheckFailures(string address)
    {
        // Asking for no permit would be granted as soon as there is a tenth of one.
        if (_failures.GetStatistics(address) is { CurrentAvailablePermits: < 1 }) throw TooMany(FailuresPerMinute);
    }

    /// <summary>Counts a wrong key.</summary>
    public void CountFailure(string address)
    {
        using var lease = _failures.AttemptAcquire(address);
    }

    public void Dispose()
    {
        _creates.Dispose();
        _reads.Dispose();
        _failures.Dispose();
    }

    private static ApiException TooMany(int perMinute) => new(ApiErrors.RateLimited(TimeSpan.FromMinutes(1.0 / Math.Max(1, perMinute))));

    // Buckets are filled ten times a second: one that holds less than comes in that time could never be used at its rate.
    private static int Burst(int perMinute, int burst) => Math.Max(1, Math.Min(perMinute, Math.Max(burst, perMinute / 300)));

    private static RateLimitPartition<T> Bucket<T>(T partition, int perMinute, int burst) => RateLimitPartition.GetTokenBucketLimiter(partition, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = Burst(perMinute, burst),
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / Math.Max(1, perMinute)),
        QueueLimit = 0,
    });
}
