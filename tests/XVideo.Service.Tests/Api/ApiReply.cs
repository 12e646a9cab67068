using System.Text;
using System.Text.Json;

namespace XVideo.Service.Tests.Api;

/// <summary>A reply, read to its end.</summary>
internal sealed record ApiReply(int Status, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonElement.Parse(Text);

    public JsonElement Error => Json.GetProperty("error");

    public static async Task<ApiReply> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new ApiReply((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), headers);
    }

    /// <summary>Checks that it is an error envelope of this kind.</summary>
    public void AssertError(int status, string code, string? param = null)
    {
        Assert.True(Status == status, $"expected {status} {code}, got {Status}: {Text}");
        Assert.StartsWith("application/json", Headers["Content-Type"]);
        Assert.Equal(code, Error.GetProperty("code").GetString());
        Assert.Equal(param, Error.GetProperty("param").GetString());
        Assert.NotEmpty(Error.GetProperty("message").GetString()!);
        Assert.NotEmpty(Error.GetProperty("type").GetString()!);
        Assert.StartsWith("req_", Headers["x-request-id"]);
    }
}
