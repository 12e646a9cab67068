using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using XVideo.Service.Api.Errors;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Security;

/// <summary>Finds out who makes a request under /v1. After routing, which knows where a token may stand for a key.</summary>
internal sealed class KeyMiddleware(RequestDelegate next, KeyRing keys, VideoTokens tokens, RateLimits limits, ServiceOptions options, IJobStore store)
{
    private Caller? _local;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/v1")) context.Features.Set(await FindAsync(context));
        await next(context);
    }

    private async Task<Caller> FindAsync(HttpContext context)
    {
        var token = TakeToken(context);
        if (!options.RequiresKeys) return await LocalAsync(context);
        var authorization = context.Request.Headers.Authorization;
        // Whoever guesses from the same address must not lock out those at work.
        if (keys.Recall(authorization) is { } known) return known;
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        limits.CheckFailures(address);
        var byToken = authorization.Count == 0 ? token : null;
        var caller = byToken is null ? await keys.FindAsync(authorization, context.RequestAborted) : await OfTokenAsync(context, byToken);
        if (caller is not null) return caller;
        limits.CountFailure(address);
        throw new ApiException(byToken is null ? ApiErrors.InvalidKey : ApiErrors.InvalidToken);
    }

    // Whoever looks at the request later on, a log for one, does not see it.
    private static string? TakeToken(HttpContext context)
    {
        var request = context.Request;
        if (!request.Query.ContainsKey(TakesToken.Parameter)) return null;
        string? token = request.Query[TakesToken.Parameter];
        request.QueryString = QueryString.Create(request.Query.Where(pair => pair.Key != TakesToken.Parameter));
        return context.GetEndpoint()?.Metadata.GetMetadata<TakesToken>() is null ? null : token;
    }

    private async Task<Caller?> OfTokenAsync(HttpContext context, string token) =>
        context.GetRouteValue("id") is string id && tokens.FindKey(token, id) is { } keyId ? await keys.FindByIdAsync(keyId, context.RequestAborted) : null;

    // Without keys, every page in a browser on this machine could send requests here: by its own address, or by a name of its own that leads to this machine.
    private async Task<Caller> LocalAsync(HttpContext context)
    {
        var request = context.Request;
        var isOurs = Loopback.IsName(request.Host.Host) && (!request.Headers.TryGetValue("Origin", out var origin) || origin == $"{request.Scheme}://{request.Host.Value}");
        if (!isOurs) throw new ApiException(ApiErrors.ForeignPage);
        return _local ??= new Caller(await store.FindKeyAsync(ApiKey.LocalId, context.RequestAborted) ?? throw new InvalidOperationException("The store has no local key, which every store has."));
    }
}
