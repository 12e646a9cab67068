using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Service.Api.Endpoints;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Security;
using XVideo.Service.Observe.Prometheus;
using XVideo.Service.Page;

namespace XVideo.Service.Api;

/// <summary>Every route, and what a request passes before it gets there.</summary>
internal static class ApiRoutes
{
    public static void Map(WebApplication app)
    {
        UseProxies(app, app.Services.GetRequiredService<ServiceOptions>().Proxies);
        app.UseMiddleware<EnvelopeMiddleware>();
        app.UseRouting();
        app.UseMiddleware<KeyMiddleware>();
        var v1 = app.MapGroup("/v1");
        var services = app.Services;
        services.GetRequiredService<CreateEndpoints>().Map(v1);
        services.GetRequiredService<SyncEndpoints>().Map(v1);
        services.GetRequiredService<ReadEndpoints>().Map(v1);
        services.GetRequiredService<EndEndpoints>().Map(v1);
        services.GetRequiredService<ContentEndpoints>().Map(v1);
        services.GetRequiredService<EventEndpoints>().Map(v1);
        services.GetRequiredService<TokenEndpoints>().Map(v1);
        MissingEndpoints.Map(v1);
        services.GetRequiredService<HealthEndpoints>().Map(app);
        services.GetRequiredService<MetricsEndpoint>().Map(app);
        app.MapOpenApi();
        PageEndpoints.Map(app);
    }

    private static void UseProxies(WebApplication app, IReadOnlyList<IPAddress> proxies)
    {
        if (proxies.Count == 0) return;
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        // Every address of this machine would be trusted otherwise.
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies) forwarded.KnownProxies.Add(proxy);
        app.UseForwardedHeaders(forwarded);
    }
}
