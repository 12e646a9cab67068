using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using XVideo.Cli.Configuration;
using XVideo.Pipeline;
using XVideo.Service.Observe;

namespace XVideo.Cli.Serve;

/// <summary>Sends metrics and traces of this process to an OpenTelemetry collector. All its settings are OpenTelemetry's own variables, <c>OTEL_…</c>.</summary>
internal sealed class OtlpExport : IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "xvideo";

    // A collector that is away must not hold up the end of the process.
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OtlpExport()
    {
        // The web server's spans have no path, method and status unless it is told so; it reads this when it starts.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource()).AddMeter([.. ServiceTelemetry.Meters]).AddOtlpExporter().Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource([.. ServiceTelemetry.Sources])
            .AddProcessor(new UnwatchedPaths()).AddOtlpExporter().Build();
    }

    /// <summary>Begins, if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to; else <see langword="null"/>. End it after the server, whose last spans it sends.</summary>
    /// <exception cref="ConfigurationException">The variable is no address.</exception>
    public static OtlpExport? StartIfAsked()
    {
        if (Environment.GetEnvironmentVariable(EndpointVariable) is not { Length: > 0 } endpoint) return null;
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? new OtlpExport()
            : throw new ConfigurationException([$"{EndpointVariable} \"{endpoint}\" is not usable: it must be an http or https address, for example http://localhost:4317 (or http://localhost:4318 with OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf)."]);
    }

    /// <summary>Sends what is left, for 5 s at most.</summary>
    public void Dispose()
    {
        Task.WaitAll(Task.Run(() => _metrics.Shutdown((int)FlushTime.TotalMilliseconds)), Task.Run(() => _traces.Shutdown((int)FlushTime.TotalMilliseconds)));
        _metrics.Dispose();
        _traces.Dispose();
    }

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, and win.
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService(ServiceName, serviceVersion: VideoPipeline.Version).AddTelemetrySdk().AddEnvironmentVariableDetector();

    // Requests that machines send every few seconds are no traces worth keeping.
    private sealed class UnwatchedPaths : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity activity)
        {
            if (activity.GetTagItem("url.path") is string path && ServiceTelemetry.Unwatched.Contains(path)) activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
