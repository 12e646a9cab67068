using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace XVideo.Service.Observe;

/// <summary>Adds to the web server's span of a request what that leaves out: its route, by which it is named, and its status.</summary>
internal static class RequestSpan
{
    /// <summary>To be called when the response is known. The query string stays out.</summary>
    public static void Describe(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span) return;
        var status = context.Response.StatusCode;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        if (route is not null) span.SetTag("http.route", route);
        span.DisplayName = $"{context.Request.Method} {route}".TrimEnd();
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError) span.SetTag("error.type", $"{status}").SetStatus(ActivityStatusCode.Error);
    }
}
