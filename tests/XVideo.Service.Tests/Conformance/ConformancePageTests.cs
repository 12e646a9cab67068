namespace XVideo.Service.Tests.Conformance;

public sealed class ConformancePageTests
{
    [Fact]
    public void Page_EveryRow_IsThereAsItIsRun()
    {
        var page = File.ReadAllText(ConformanceRun.Page);
        Assert.Equal(Enumerable.Range(1, 33), ConformanceTable.Rows.Select(row => row.Number));
        foreach (var row in ConformanceTable.Rows) Assert.Contains(ConformanceRun.Head(row), page, StringComparison.Ordinal);
        Assert.Contains("99 of 99 are as expected.", page, StringComparison.Ordinal);
    }
}
