namespace XVideo.Service.Tests.Conformance;

public sealed class DotNetConformanceTests : IClassFixture<DotNetConformanceTests.Fixture>
{
    private readonly Fixture _fixture;

    public DotNetConformanceTests(Fixture fixture) => _fixture = fixture;

    public static IEnumerable<object[]> Rows => ConformanceTable.Numbers;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Row_FromDotNet_IsAsExpected(int row) => ConformanceRun.RunAsync(_fixture.Client, row);

    /// <summary>One client for all rows.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal IContractClient Client { get; } = new DotNetContractClient();

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            await Client.DisposeAsync();
            ConformanceRun.WritePage();
        }
    }
}
