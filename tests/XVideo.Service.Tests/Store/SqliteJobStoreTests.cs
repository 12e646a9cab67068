namespace XVideo.Service.Tests.Store;

/// <summary>The contract over a SQLite file.</summary>
public sealed class SqliteJobStoreTests : JobStoreContract
{
    private protected override Task<StoreBed> MakeBedAsync() => Task.FromResult<StoreBed>(new SqliteBed());
}
