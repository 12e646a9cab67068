using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace XVideo.Service.Tests.Conformance;

/// <summary>What reached the server, in order: how often a client tries, and how it encodes.</summary>
internal sealed class RequestLog : IStartupFilter
{
    private readonly List<(string Method, string Path, string? ContentType, bool IsChunked, DateTime At)> _requests = [];

    public IReadOnlyList<(string Method, string Path, string? ContentType, bool IsChunked, DateTime At)> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((HttpContext context, RequestDelegate following) =>
        {
            var request = context.Request;
            lock (_requests) _requests.Add((request.Method, request.Path, request.ContentType, request.Headers.TransferEncoding == "chunked", DateTime.UtcNow));
            return following(context);
        });
        next(app);
    };
}
