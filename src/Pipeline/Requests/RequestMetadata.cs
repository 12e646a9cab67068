using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using XVideo.SparseAttention;
using XVideo.Video;

namespace XVideo.Pipeline.Requests;

/// <summary>What a video file says about its own making.</summary>
public static class RequestMetadata
{
    /// <summary>Prompt, seed, settings, model, model hash and version; for sparse attention also what computed how much of it. No times.</summary>
    public static VideoMetadata Create(ResolvedRequest request, ModelDescription model, string version, AttentionReport? attention = null)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("prompt", request.Prompt);
            json.WriteString("negativePrompt", request.NegativePrompt);
            json.WriteNumber("seed", request.Seed);
            if (request.Preset is { } preset) json.WriteString("preset", preset);
            json.WriteNumber("width", request.Width);
            json.WriteNumber("height", request.Height);
            json.WriteNumber("frames", request.FrameCount);
            json.WriteNumber("fps", request.FrameRate);
            json.WriteNumber("steps", request.Steps);
            json.WriteNumber("guidance", request.GuidanceScale);
            json.WriteNumber("flowShift", request.FlowShift);
            json.WriteString("scheduler", request.Scheduler);
            json.WriteString("attention", request.Attention.Method);
            if (!request.Attention.IsDense)
            {
                json.WritePropertyName("attentionSettings");
                AttentionJson.Write(json, request.Attention);
                if (attention is not null)
                {
                    json.WriteString("attentionBackend", attention.Backend);
                    json.WriteNumber("attentionDensity", Math.Round(attention.Density, 4));
                }
            }
            json.WriteString("model", model.Name);
            json.WriteString("modelHash", model.Hash);
            json.WriteString("generator", $"XVideo {version}");
            json.WriteEndObject();
        }
        return VideoMetadata.FromJson(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
