namespace XVideo.Pipeline.Requests;

/// <summary>Which model to load and what to run it on.</summary>
/// <param name="ModelFolder">A folder in the diffusers layout.</param>
/// <param name="Device"><c>auto</c> (the first GPU that libtorch can use, else the CPU), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
/// <param name="DType"><c>auto</c>, <c>f32</c> or <c>bf16</c>: the type the networks compute in.</param>
/// <param name="Threads">CPU threads, at least 1; <see langword="null"/>: all that this process may use.</param>
/// <param name="VaeTile">Side of the tiles in which frames are decoded, in latent pixels; neighbours share a quarter. <see langword="null"/>: whole frames.</param>
/// <param name="FfmpegPath">The ffmpeg program or its folder; <see langword="null"/>: search PATH.</param>
public sealed record PipelineOptions(
    string ModelFolder,
    string Device = PipelineOptions.Automatic,
    string DType = PipelineOptions.Automatic,
    int? Threads = null,
    string? FfmpegPath = null,
    int? VaeTile = null)
{
    /// <summary>Smallest <see cref="VaeTile"/>: below it the shared quarter is no longer wide enough to hide the seams.</summary>
    public const int MinimumVaeTile = 8;

    /// <summary>Lets the pipeline choose.</summary>
    public const string Automatic = "auto";

    /// <summary>The legal values of <see cref="DType"/>.</summary>
    public static IReadOnlyList<string> DTypes { get; } = [Automatic, "f32", "bf16"];

    /// <summary>Whether a text is a legal value of <see cref="Device"/>; the device itself may still be absent.</summary>
    public static bool IsDevice(string text) => text is Automatic or "cpu" or "cuda"
        || (text.StartsWith("cuda:", StringComparison.Ordinal) && text.Length is > 5 and <= 8 && text.AsSpan(5).IndexOfAnyExceptInRange('0', '9') < 0);
}
