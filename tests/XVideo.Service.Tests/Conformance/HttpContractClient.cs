using System.Text;
using System.Text.Json.Nodes;

namespace XVideo.Service.Tests.Conformance;

/// <summary>Plain HTTP.</summary>
internal sealed class HttpContractClient : IContractClient
{
    private readonly HttpClient _http = new();

    public string Name => "HTTP";

    public async Task<ContractReply?> SendAsync(ContractCall call)
    {
        if (call.Operation == "videos.iterate") return await Pages.IterateAsync(this, call);
        using var request = new HttpRequestMessage(MethodOf(call), new Uri(call.Address!, $"/v1{PathOf(call)}")) { Content = BodyOf(call) };
        if (call.Key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {call.Key}");
        foreach (var (name, value) in call.Headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new ContractReply((int)response.StatusCode, headers, await Pages.ReadAsync(await response.Content.ReadAsStreamAsync(), call.Events));
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The form that a client would make of fields: values as text, objects with brackets.</summary>
    internal static MultipartFormDataContent Form(ContractCall call)
    {
        var form = new MultipartFormDataContent();
        Add(call.Fields ?? [], name => name);
        if (call.File is not null) form.Add(call.File == "stream" ? new StreamContent(new Unseekable()) : Typed(), "input_reference", "reference.png");
        return form;

        void Add(JsonObject fields, Func<string, string> nameOf)
        {
            foreach (var (name, value) in fields)
                if (value is JsonObject inner) Add(inner, key => $"{nameOf(name)}[{key}]");
                else form.Add(new StringContent(value!.ToString()), nameOf(name));
        }
    }

    private static HttpMethod MethodOf(ContractCall call) => call.Operation switch
    {
        "videos.create" or "videos.remix" => HttpMethod.Post,
        "videos.delete" => HttpMethod.Delete,
        "request" => new HttpMethod(call.Method!),
        _ => HttpMethod.Get,
    };

    private static string PathOf(ContractCall call)
    {
        var id = Uri.EscapeDataString(call.Id ?? "");
        var query = call.Query is { Count: > 0 } pairs ? "?" + string.Join('&', pairs.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!.ToString())}")) : "";
        return call.Operation switch
        {
            "models.list" => "/models",
            "videos.create" => "/videos",
            "videos.list" => $"/videos{query}",
            "videos.content" => $"/videos/{id}/content{query}",
            "videos.remix" => $"/videos/{id}/remix",
            "request" => call.Path!,
            _ => $"/videos/{id}",
        };
    }

    private static HttpContent? BodyOf(ContractCall call) => call switch
    {
        { Body: { } text } => new StringContent(text, Encoding.UTF8, call.ContentType!),
        { Fields: { } fields } when call.Encoding == "json" || call.Operation == "videos.remix" => new StringContent(fields.ToJsonString(), Encoding.UTF8, "application/json"),
        { Fields: not null } => Form(call),
        _ => null,
    };

    private static ByteArrayContent Typed()
    {
        var content = new ByteArrayContent([0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3]);
        content.Headers.ContentType = new("image/png");
        return content;
    }

    // A stream whose length nobody knows is sent in chunks.
    private sealed class Unseekable() : MemoryStream(new byte[100])
    {
        public override bool CanSeek => false;
    }
}
