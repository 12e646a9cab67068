namespace XVideo.Service.Tests.Conformance;

/// <summary>What a server of the videos contract must do, as calls that any client can make.</summary>
internal static class ConformanceTable
{
    /// <summary>All rows, by number.</summary>
    public static IReadOnlyList<ConformanceRow> Rows { get; } = [.. CreateRows.All, .. ReadRows.All, .. EndRows.All, .. LimitRows.All, .. CrashRows.All, .. RouteRows.All];

    /// <summary>For theories.</summary>
    public static IEnumerable<object[]> Numbers => Rows.Select(row => new object[] { row.Number });
}
