namespace XVideo.Service.Tests.Conformance;

public sealed class NodeConformanceTests : IClassFixture<NodeConformanceTests.Fixture>
{
    private readonly Fixture _fixture;

    public NodeConformanceTests(Fixture fixture) => _fixture = fixture;

    public static IEnumerable<object[]> Rows => ConformanceTable.Numbers;

    [NodeTheory]
    [MemberData(nameof(Rows))]
    public Task Row_FromNode_IsAsExpected(int row) => ConformanceRun.RunAsync(_fixture.Client, row);

    /// <summary>One client for all rows.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal IContractClient Client { get; } = NodeContractClient.Start();

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            await Client.DisposeAsync();
            ConformanceRun.WritePage();
        }
    }
}
