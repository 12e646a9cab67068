using System.Text.Json;
using System.Text.Json.Serialization;
using XVideo.SparseAttention;

namespace XVideo.Pipeline.Requests;

/// <summary>A finished video and everything that happened on the way.</summary>
public sealed record VideoResult
{
    /// <summary>Absolute path of the file, or of the folder of frames.</summary>
    public required string OutputPath { get; init; }

    /// <summary>What was asked, with all gaps filled; its seed repeats the video.</summary>
    public required ResolvedRequest Settings { get; init; }

    /// <summary>What made it.</summary>
    public required ModelDescription Model { get; init; }

    /// <summary>The device that computed it: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The type the transformer computed in: <c>f32</c>, <c>bf16</c>.</summary>
    public required string DType { get; init; }

    /// <summary>CPU threads of libtorch.</summary>
    public required int Threads { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string LibtorchVersion { get; init; }

    /// <summary>Version of this program.</summary>
    public required string Version { get; init; }

    /// <summary>Every stage in order.</summary>
    public required IReadOnlyList<StageTime> Stages { get; init; }

    /// <summary>Wall time from the request to the finished file, without loading the model.</summary>
    public required TimeSpan TotalTime { get; init; }

    /// <summary>Steps that an earlier run had done, from <see cref="OutputOptions.CheckpointPath"/>; 0: none. <see cref="Attention"/> and times are of the steps since.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public int ResumedAtStep { get; init; }

    /// <summary>Highest resident memory of the process, bytes.</summary>
    public required long PeakMemoryInBytes { get; init; }

    /// <summary>Highest memory of tensors on the GPU during this video, bytes; <see langword="null"/> on the CPU, and with a libtorch before 2.9.</summary>
    public long? PeakDeviceMemoryInBytes { get; init; }

    /// <summary>How self-attention was computed.</summary>
    public required AttentionReport Attention { get; init; }

    /// <summary>The same in one line.</summary>
    [JsonIgnore] public string AttentionSummary => Attention.Summary;

    /// <summary>All of it as indented JSON; times are in seconds.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RequestJson.Readable.VideoResult);
}
