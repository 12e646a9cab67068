using Microsoft.AspNetCore.Http;
using XVideo.Service.Api.Errors;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Security;

/// <summary>Finds out who makes a request under /v1.</summary>
internal sealed class KeyMiddleware(RequestDelegate next, KeyRing keys, RateLimits limits, ServiceOptions options, IJobStore store)
{
    private Caller? _local;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/v1")) context.Features.Set(await FindAsync(context));
        await next(context);
    }

    private async Task<Caller> FindAsync(HttpContext context)
    {
        if (!options.RequiresKeys) return await LocalAsync(context);
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        limits.CheckFailures(address);
        if (await keys.FindAsync(context.Request.Headers.Authorization, context.RequestAborted) is { } caller) return caller;
        limits.CountFailure(address);
        throw new ApiException(ApiErrors.InvalidKey);
    }

    // Without keys, every page in a browser on this machine could send requests here: by its own address, or by a name of its own that leads to this machine.
    private async Task<Caller> LocalAsync(HttpContext context)
    {
        var request = context.Request;
        var isOurs = Loopback.IsName(request.Host.Host) && (!request.Headers.TryGetValue("Origin", out var origin) || origin == $"{request.Scheme}://{request.Host.Value}");
        if (!isOurs) throw new ApiException(ApiErrors.ForeignPage);
        return _local ??= new Caller(await store.FindKeyAsync(ApiKey.LocalId, context.RequestAborted) ?? throw new InvalidOperationException("The store has no local key, which every store has."));
    }
}
