namespace XVideo.Service.Tests.Store;

/// <summary>The contract over a real PostgreSQL.</summary>
[NeedsPostgres]
public sealed class PostgresJobStoreTests : JobStoreContract
{
    private protected override async Task<StoreBed> MakeBedAsync() => new PostgresBed(await PostgresServer.SharedAsync());
}
