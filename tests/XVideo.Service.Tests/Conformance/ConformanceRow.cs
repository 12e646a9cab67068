using XVideo.Service.Store;

namespace XVideo.Service.Tests.Conformance;

/// <summary>One row of the table.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Call">What is called.</param>
/// <param name="Expected">What must come of it.</param>
/// <param name="RunAsync">Calls, and insists.</param>
internal sealed record ConformanceRow(int Number, string Call, string Expected, Func<Stage, Task> RunAsync)
{
    /// <summary>Other options of the server than usual.</summary>
    public Func<ServiceOptions, ServiceOptions> Change { get; init; } = options => options;

    /// <summary>Other limits of the first key than usual.</summary>
    public Func<ApiKey, ApiKey>? ChangeKey { get; init; }
}
