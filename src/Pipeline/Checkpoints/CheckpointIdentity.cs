using System.Security.Cryptography;
using System.Text.Json;
using XVideo.Pipeline.Requests;

namespace XVideo.Pipeline.Checkpoints;

/// <summary>What a run's latents depend on: another run with the same identity goes on to the same frames.</summary>
internal static class CheckpointIdentity
{
    /// <summary>SHA-256 in hexadecimal over model, number type, kind of device, program version and the whole request.</summary>
    public static string Of(ResolvedRequest request, ModelDescription model, string dtype, string deviceType)
    {
        var asked = JsonSerializer.Serialize(request with { PreviewEverySteps = null }, RequestJson.Readable.ResolvedRequest);
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes<string[]>([model.Hash, dtype, deviceType, VideoPipeline.Version, asked])));
    }
}
