using System.Diagnostics;

namespace XVideo.Service.Observe;

/// <summary>What tells about a server: the names that a collector listens to. docs/operations.md says what each metric means.</summary>
public static class ServiceTelemetry
{
    /// <summary>Of the service's own metrics.</summary>
    public const string MeterName = "XVideo.Service";

    /// <summary>Of the service's own spans: <c>videos.create</c>, and one root for each attempt with a child for each phase.</summary>
    public const string SourceName = "XVideo.Service";

    /// <summary>The meters worth collecting: ours, the web server's and the runtime's.</summary>
    public static IReadOnlyList<string> Meters { get; } = [MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>The sources of spans: ours, and the web server's requests.</summary>
    public static IReadOnlyList<string> Sources { get; } = [SourceName, "Microsoft.AspNetCore"];

    /// <summary>Paths that are asked every few seconds by machines: their requests are neither counted nor traced.</summary>
    public static IReadOnlyList<string> Unwatched { get; } = ["/healthz", "/readyz", "/metrics"];

    internal static ActivitySource Source { get; } = new(SourceName);
}
