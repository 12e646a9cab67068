using System.Text.Json.Nodes;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Requests;

namespace XVideo.Service.Api.Documents;

/// <summary>One example of each type that people look up.</summary>
internal static class DocumentExamples
{
    private const string Id = "video_6f1c9d0a2b3e4f5061728394a5b6c7d8";
    private const string Prompt = "a red ball bounces on green grass";

    private static readonly Dictionary<Type, string> Texts = new()
    {
        [typeof(CreateBody)] = $$"""{"prompt":"{{Prompt}}","size":"832x480","seconds":"5","num_inference_steps":30,"seed":7,"attention":{"method":"xattention","threshold":0.9} }""",
        [typeof(RemixBody)] = """{"prompt":"a blue ball bounces on green grass"}""",
        [typeof(VideoObject)] = $$"""
            {"id":"{{Id}}","object":"video","model":"default","status":"in_progress","progress":42,"created_at":1767225600,"completed_at":null,"expires_at":null,"prompt":"{{Prompt}}",
            "size":"832x480","seconds":"5","remixed_from_video_id":null,"error":null,"num_frames":81,"fps":16,"seed":7,"num_inference_steps":30,"guidance_scale":5,"flow_shift":3,
            "scheduler":"unipc","negative_prompt":"","preview_every_steps":null,"attention":{"method":"xattention","threshold":0.9},"phase":"denoise","step":15,"steps_total":30,"eta_seconds":61.5,
            "queue_position":null,"prompt_truncated":false,"unknown_words":[],"attempts":1,"last_attempt_error":null,"peak_memory_mb":null,"inference_time_s":null}
            """,
        [typeof(VideoDeleted)] = $$"""{"id":"{{Id}}","object":"video.deleted","deleted":true}""",
        [typeof(TokenObject)] = $$"""{"token":"1767226200.abcdefghijkl.kq3V0c1bB0mY7oN6nq0m8yqkz2m0xk5dJp3yS1t2u3w","video_id":"{{Id}}","expires_at":1767226200,"object":"video.token"}""",
        [typeof(ErrorEnvelope)] = """{"error":{"message":"num_frames 80 is not usable: it must be 4k+1 (1, 5, 9, …) from 1 to 1024. Nearest: 77 or 81.","type":"invalid_request_error","param":"num_frames","code":"invalid_value"}}""",
        [typeof(HealthObject)] = """{"status":"ready","checks":{"store":"ok","disk":"ok","process":"ok","model":"ok"}}""",
    };

    /// <summary>An example of a type, or <see langword="null"/>.</summary>
    public static JsonNode? Of(Type type) => Texts.TryGetValue(type, out var text) ? JsonNode.Parse(text) : null;
}
