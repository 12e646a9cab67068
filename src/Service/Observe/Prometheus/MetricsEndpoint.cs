using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using XVideo.Service.Api.Security;

namespace XVideo.Service.Observe.Prometheus;

/// <summary>Shows the metrics to a Prometheus server. It needs no key, so it answers this machine alone unless told otherwise.</summary>
internal sealed class MetricsEndpoint(MetricCollector collector, ServiceOptions options)
{
    // What proxies on this machine add to the requests of others.
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Original-For", "X-Real-IP", "Via"];

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Show).WithName("getMetrics").WithSummary("Metrics in the text format of Prometheus")
        .Produces<string>(contentType: "text/plain").DisableHttpMetrics();

    private IResult Show(HttpContext context)
    {
        if (!options.HasPublicMetrics && !IsOfThisMachine(context))
            return TypedResults.Text("Metrics are shown to this machine alone. Ask from there, or start the server with --metrics-public.\n", statusCode: StatusCodes.Status403Forbidden);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(collector.Collect(), PrometheusText.ContentType);
    }

    // The name keeps out pages of other sites whose own name leads here.
    private static bool IsOfThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && Loopback.IsName(context.Request.Host.Host)
        && !ProxyHeaders.Any(context.Request.Headers.ContainsKey);
}
