using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using XVideo.Service.Api.Errors;

namespace XVideo.Service.Api.Requests;

/// <summary>Reads the body of a request, multipart or JSON, into fields.</summary>
internal static class RequestBody
{
    /// <summary>Largest body of a request that carries a prompt, bytes.</summary>
    public const long MaximumBytes = 32 << 20;

    // Somewhat too large a body is read to its end before it is refused: to a client that still sends, an answer is a broken connection.
    private const long DroppedBytes = 4 * MaximumBytes;
    private const int MaximumFields = 64;
    private const int MaximumValueBytes = 21 << 20;
    private const int BufferedBytes = 64 << 10;

    // A name said twice is a mistake that must not pass silently.
    public static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private static readonly FormOptions FormOptions = new()
    {
        ValueCountLimit = MaximumFields,
        ValueLengthLimit = MaximumValueBytes,
        MultipartBodyLengthLimit = MaximumBytes,
        MultipartHeadersLengthLimit = 8 << 10,
        MemoryBufferThreshold = BufferedBytes,
        BufferBodyLengthLimit = MaximumBytes,
    };

    /// <exception cref="ApiException">Of another content type, or broken.</exception>
    public static async Task<RequestFields> ReadAsync(HttpRequest request)
    {
        var isTooLarge = request.ContentLength is > MaximumBytes and <= DroppedBytes;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = isTooLarge ? DroppedBytes : MaximumBytes;
        if (isTooLarge) await RefuseAsync(request);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) throw new ApiException(ApiErrors.UnsupportedMediaType(request.ContentType));
        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return await ReadFormAsync(request);
        if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return await ReadJsonAsync(request);
        throw new ApiException(ApiErrors.UnsupportedMediaType(request.ContentType));
    }

    private static async Task RefuseAsync(HttpRequest request)
    {
        await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
        throw new ApiException(ApiErrors.TooLarge(MaximumBytes));
    }

    private static async Task<RequestFields> ReadFormAsync(HttpRequest request)
    {
        IFormCollection form;
        try
        {
            form = await new FormFeature(request, FormOptions).ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (Exception error) when (error is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new ApiException(ApiErrors.InvalidBody(error.Message));
        }
        var fields = new RequestFields();
        foreach (var (key, values) in form)
        {
            // Joined by a comma they would look like one value.
            if (values.Count > 1) throw new ApiException(ApiErrors.InvalidValue(ApiErrors.Shorten(key), string.Join(", ", values.ToArray()), "it was sent twice"));
            fields.AddText(key, values.ToString());
        }
        foreach (var file in form.Files) fields.AddFile(file.Name);
        return fields;
    }

    private static async Task<RequestFields> ReadJsonAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, JsonOptions, request.HttpContext.RequestAborted);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ApiException(ApiErrors.InvalidBody($"it must be a JSON object and is {FieldReader.Describe(document.RootElement)}."));
            var fields = new RequestFields();
            fields.AddMembers(document.RootElement.Clone());
            return fields;
        }
        catch (JsonException error)
        {
            throw new ApiException(ApiErrors.InvalidBody(error.Message));
        }
        catch (InvalidOperationException)
        {
            throw new ApiException(ApiErrors.InvalidBody("a name in it is not valid Unicode."));
        }
    }
}
