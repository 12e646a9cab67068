using XVideo.Pipeline.Requests;

namespace XVideo.Hosting;

/// <summary>Which model a generator runs and on what. Looked at when the host starts: a mistake is found then, not at the first video.</summary>
public sealed class XVideoOptions
{
    /// <summary>Model folder in the diffusers layout, absolute or from the current folder. Required.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary><c>auto</c> (the first GPU that libtorch can use, else the CPU), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>. Default <c>auto</c>.</summary>
    public string Device { get; set; } = PipelineOptions.Automatic;

    /// <summary>The type the networks compute in: <c>auto</c>, <c>f32</c> or <c>bf16</c>. Default <c>auto</c>.</summary>
    public string DType { get; set; } = PipelineOptions.Automatic;

    /// <summary>CPU threads, at least 1. libtorch has one number for the whole process. Default <see langword="null"/>: all that the process may use.</summary>
    public int? Threads { get; set; }

    /// <summary>Decode in tiles of this side, latent pixels, at least 8: less memory, a little slower. Default <see langword="null"/>: whole frames.</summary>
    public int? VaeTile { get; set; }

    /// <summary>The ffmpeg program or its folder. Default <see langword="null"/>: search PATH.</summary>
    public string? FfmpegPath { get; set; }

    /// <summary>H.264 rate factor, 0 (lossless) to 51; smaller is better and larger. Default 18.</summary>
    public int Crf { get; set; } = 18;

    /// <summary>Whether an existing file may be replaced; without, it is an error. Default false.</summary>
    public bool Overwrite { get; set; }

    internal PipelineOptions ForPipeline() => new(ModelPath, Device, DType, Threads, FfmpegPath, VaeTile);
}
