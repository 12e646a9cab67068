namespace XVideo.Service.Tests.Store;

/// <summary>The model against a real PostgreSQL.</summary>
[NeedsPostgres]
public sealed class PostgresModelTests : JobStoreModelTests
{
    private protected override async Task<StoreBed> MakeBedAsync() => new PostgresBed(await PostgresServer.SharedAsync());
}
