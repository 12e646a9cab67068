using System.Globalization;
using Microsoft.AspNetCore.Http;
using XVideo.Service.Api.Errors;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Reads values of a query string.</summary>
internal static class Query
{
    /// <exception cref="ApiException">Said twice.</exception>
    public static string? Text(HttpRequest request, string name)
    {
        var values = request.Query[name];
        return values.Count > 1 ? throw new ApiException(ApiErrors.InvalidValue(name, string.Join(", ", values.ToArray()), "it was sent twice")) : (string?)values;
    }

    /// <exception cref="ApiException">Not a whole number within the bounds.</exception>
    public static int Integer(HttpRequest request, string name, int otherwise, int minimum, int maximum)
    {
        if (Text(request, name) is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum ? number
            : throw new ApiException(ApiErrors.InvalidValue(name, $"\"{text}\"", $"it must be a whole number from {minimum} to {maximum}"));
    }

    /// <exception cref="ApiException">None of them.</exception>
    public static string OneOf(HttpRequest request, string name, params IReadOnlyList<string> allowed)
    {
        if (Text(request, name) is not { } text) return allowed[0];
        return allowed.Contains(text) ? text : throw new ApiException(ApiErrors.InvalidValue(name, $"\"{text}\"", $"it must be one of {string.Join(", ", allowed)}"));
    }
}
