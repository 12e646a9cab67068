using System.Reflection;
using XVideo.Service.Api.Security;
using XVideo.Service.Store;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api.Security;

public sealed class KeyRingTests : IAsyncLifetime
{
    private static readonly byte[] Pepper = new byte[32];
    private readonly SqliteBed _bed = new();
    private IJobStore _store = null!;
    private CountingStore _counter = null!;
    private KeyRing _ring = null!;

    public async Task InitializeAsync()
    {
        _store = await _bed.OpenAsync();
        var counted = DispatchProxy.Create<IJobStore, CountingStore>();
        _counter = (CountingStore)counted;
        _counter.Inner = _store;
        _ring = new KeyRing(counted, new ServiceOptions { FilesFolder = "x", Pepper = Pepper }, _bed.Time);
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    // What an answer costs is what its time tells: the same look-ups, in the same order, for every key that is not good.
    [Fact]
    public async Task Find_UnknownOrWrongOrRevoked_CostTheSameLookUps()
    {
        var (good, id, hash) = ApiKeySecret.Create(Pepper);
        var (revoked, revokedId, revokedHash) = ApiKeySecret.Create(Pepper);
        await _store.AddKeyAsync(Examples.Key(id) with { SecretHash = hash });
        await _store.AddKeyAsync(Examples.Key(revokedId) with { SecretHash = revokedHash });
        await _store.RevokeKeyAsync(revokedId);
        string[] bad = [ApiKeySecret.Create(Pepper).Text, ApiKeySecret.Renew(Pepper, id).Text, ApiKeySecret.Renew(Pepper, revokedId).Text, revoked];

        foreach (var isRemembered in (bool[])[false, true])
        {
            if (isRemembered) Assert.NotNull(await FindAsync(good));
            foreach (var key in bad)
            {
                _counter.Calls.Clear();
                Assert.Null(await FindAsync(key));
                Assert.Equal([nameof(IJobStore.FindKeyAsync)], _counter.Calls);
            }
        }
        _counter.Calls.Clear();
        Assert.NotNull(await FindAsync(good));
        Assert.Empty(_counter.Calls);
        foreach (var key in (string[])["", "vg_", good[..20]]) Assert.Null(await FindAsync(key));
        Assert.Empty(_counter.Calls);
    }

    [Fact]
    public async Task Find_SecretReplaced_TakesBothForTheOverlapAndOneAfterwards()
    {
        var (first, id, hash) = ApiKeySecret.Create(Pepper);
        await _store.AddKeyAsync(Examples.Key(id) with { SecretHash = hash });
        Assert.NotNull(await FindAsync(first));
        var (second, secondHash) = ApiKeySecret.Renew(Pepper, id);
        await _store.ReplaceSecretAsync(id, secondHash, TimeSpan.FromDays(7));

        // At once, although the key is still remembered as it was.
        Assert.Equal(id, (await FindAsync(second))!.Id);
        Assert.Equal(id, (await FindAsync(first))!.Id);
        _bed.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync(first));
        _bed.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await FindAsync(first));
        Assert.NotNull(await FindAsync(second));
    }

    [Fact]
    public async Task Find_Revoked_EndsWithinHalfAMinute()
    {
        var (text, id, hash) = ApiKeySecret.Create(Pepper);
        await _store.AddKeyAsync(Examples.Key(id) with { SecretHash = hash });
        Assert.NotNull(await FindAsync(text));
        await _store.RevokeKeyAsync(id);
        _bed.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await FindAsync(text));
        Assert.Null(await _ring.FindByIdAsync(id, default));
    }

    // Its hash in the store is empty: nothing must equal that.
    [Fact]
    public async Task Find_TheLocalOwner_HasNoKey()
    {
        Assert.NotNull(await _store.FindKeyAsync(ApiKey.LocalId));
        Assert.Null(await FindAsync($"vg_{ApiKey.LocalId}_"));
        Assert.Null(await FindAsync($"vg_{ApiKey.LocalId,-12}_"));
    }

    private Task<Caller?> FindAsync(string key) => _ring.FindAsync($"Bearer {key}", default);

    /// <summary>Notes what is asked of a store.</summary>
    public class CountingStore : DispatchProxy
    {
        public IJobStore Inner { get; set; } = null!;

        public List<string> Calls { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Calls.Add(targetMethod!.Name);
            return targetMethod.Invoke(Inner, args);
        }
    }
}
