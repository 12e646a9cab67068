namespace XVideo.Service.Tests.Store;

/// <summary>The model against a SQLite file.</summary>
public sealed class SqliteModelTests : JobStoreModelTests
{
    private protected override Task<StoreBed> MakeBedAsync() => Task.FromResult<StoreBed>(new SqliteBed());
}
