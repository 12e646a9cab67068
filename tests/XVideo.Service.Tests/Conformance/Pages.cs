using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace XVideo.Service.Tests.Conformance;

/// <summary>What clients without an iterator do by hand.</summary>
internal static class Pages
{
    /// <summary>Goes from page to page by <c>after</c>.</summary>
    /// <returns>A reply whose body is the array of all ids.</returns>
    public static async Task<ContractReply?> IterateAsync(IContractClient client, ContractCall call)
    {
        var ids = new List<string>();
        var query = (JsonObject)(call.Query ?? []).DeepClone();
        while (true)
        {
            var page = (await client.SendAsync(call with { Operation = "videos.list", Query = query }))!.Ok().Json;
            ids.AddRange(page.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString()!));
            if (!page.GetProperty("has_more").GetBoolean()) break;
            query["after"] = page.GetProperty("last_id").GetString();
        }
        return new ContractReply(200, new Dictionary<string, string>(), JsonSerializer.SerializeToUtf8Bytes(ids));
    }

    /// <summary>Reads a body to its end, or so many events of it.</summary>
    public static async Task<byte[]> ReadAsync(Stream body, int events)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await body.ReadAsync(buffer) is > 0 and var count)
        {
            bytes.Write(buffer, 0, count);
            if (events > 0 && Encoding.UTF8.GetString(bytes.ToArray()).Split("\n\n").Length > events) break;
        }
        return bytes.ToArray();
    }
}
