using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Service.Api.Endpoints;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Security;

namespace XVideo.Service.Api;

/// <summary>Every route, and what a request passes before it gets there.</summary>
internal static class ApiRoutes
{
    public static void Map(WebApplication app)
    {
        app.UseMiddleware<EnvelopeMiddleware>();
        app.UseMiddleware<KeyMiddleware>();
        app.UseRouting();
        var v1 = app.MapGroup("/v1");
        var services = app.Services;
        services.GetRequiredService<CreateEndpoints>().Map(v1);
        services.GetRequiredService<ReadEndpoints>().Map(v1);
        services.GetRequiredService<EndEndpoints>().Map(v1);
        services.GetRequiredService<ContentEndpoints>().Map(v1);
        services.GetRequiredService<EventEndpoints>().Map(v1);
        MissingEndpoints.Map(v1);
        services.GetRequiredService<HealthEndpoints>().Map(app);
        app.MapOpenApi();
    }
}
