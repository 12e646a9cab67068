using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace XVideo.Service.Page;

/// <summary>
/// The page at <c>/</c>: making, watching and comparing videos in a browser. It needs no key itself; it asks its user for one when the API does, and does
/// nothing that the API could not.
/// </summary>
internal static class PageEndpoints
{
    // Scripts, styles and calls from here and from nowhere else; blob: is for videos that were fetched with a key, which no address may carry. Text that becomes
    // markup is refused by the browser itself.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", ReadMethods, (HttpContext context) => Answer(context, PageFiles.Index)).ExcludeFromDescription();
        routes.MapMethods("/page/{name}", ReadMethods, (HttpContext context, string name) => Answer(context, PageFiles.All.GetValueOrDefault(name))).ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext context, PageFile? file)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (file is null) return TypedResults.NotFound();
        // Asked for again each time, so that a new version of the server is never mixed with old scripts; mostly answered by 304.
        headers.CacheControl = "no-cache";
        return TypedResults.Bytes(file.Content, file.ContentType, entityTag: file.Tag);
    }
}
