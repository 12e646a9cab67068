using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace XVideo.Service.Tests.Conformance;

/// <summary>An answer as a client saw it.</summary>
/// <param name="Status">HTTP's; 0 when the client saw none.</param>
/// <param name="Headers">By name, whatever its case.</param>
/// <param name="Bytes">The body; of errors that the client has read itself, the envelope.</param>
internal sealed record ContractReply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    /// <summary>What the client made of an error: its class, and the code, type and parameter that it shows; <see langword="null"/> where it shows none.</summary>
    public (string? Kind, string? Code, string? Type, string? Param) Shown { get; init; }

    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonElement.Parse(Text);

    public string Id => String("id");

    public string String(string name) => Json.GetProperty(name).GetString() ?? "null";

    public IReadOnlyList<SseItem<string>> Events => [.. SseParser.Create(new MemoryStream(Bytes)).Enumerate()];

    /// <summary>Insists on success.</summary>
    public ContractReply Ok(int status = 200)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>Insists on an error envelope of this kind, also as the client shows it.</summary>
    public ContractReply Refused(int status, string code, string? param = null)
    {
        Assert.True(Status == status, $"expected {status} {code}, got {Status}: {Text}");
        var error = Json.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.NotEmpty(error.GetProperty("type").GetString()!);
        Assert.StartsWith("req_", Headers["x-request-id"]);
        if (Shown.Code is not null) Assert.Equal((code, param, error.GetProperty("type").GetString()), (Shown.Code, Shown.Param, Shown.Type));
        return this;
    }
}
