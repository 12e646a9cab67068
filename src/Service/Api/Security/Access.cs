using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Service.Api.Documents;
using XVideo.Service.Api.Errors;

namespace XVideo.Service.Api.Security;

/// <summary>Says at a route what a caller needs.</summary>
internal static class Access
{
    /// <summary>May see videos; counts as a read.</summary>
    public static RouteHandlerBuilder NeedsRead(this RouteHandlerBuilder route) => route.Needs(Scopes.Read, isCreate: false);

    /// <summary>May change videos; counts as a read, since it costs no more.</summary>
    public static RouteHandlerBuilder NeedsWrite(this RouteHandlerBuilder route) => route.Needs(Scopes.Write, isCreate: false);

    /// <summary>May make videos; counts as a create.</summary>
    public static RouteHandlerBuilder NeedsCreate(this RouteHandlerBuilder route) => route.Needs(Scopes.Write, isCreate: true);

    /// <summary>A token in the address opens this route too, for the video that its <c>{id}</c> names.</summary>
    public static RouteHandlerBuilder TakesToken(this RouteHandlerBuilder route) => route.WithMetadata(new TakesToken());

    private static RouteHandlerBuilder Needs(this RouteHandlerBuilder route, string scope, bool isCreate) => route.Refuses(401, 403, 429, 503).AddEndpointFilter((context, next) =>
    {
        var http = context.HttpContext;
        var caller = Caller.Of(http);
        if (!caller.Key.Scopes.Contains(scope) && !caller.IsLocal) throw new ApiException(ApiErrors.MissingScope(scope));
        var limits = http.RequestServices.GetRequiredService<RateLimits>();
        if (isCreate) limits.Create(http, caller);
        else limits.Read(caller);
        return next(context);
    });
}
