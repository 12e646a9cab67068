using XVideo.Metrics;

namespace XVideo.Evaluation.Clips;

/// <summary>A clip that could be opened, with what measures need to know of it.</summary>
/// <param name="Clip">Name, path and prompt.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal digits; of a folder, of its frames in order.</param>
/// <param name="Size">Of its frames.</param>
/// <param name="FrameCount">As the file says.</param>
/// <param name="FrameRate">Frames per second; <see langword="null"/> where the file has none.</param>
/// <param name="Entry">Its prompt in the suite; <see langword="null"/> without a suite, or when the prompt is not in it.</param>
internal sealed record ClipFacts(VideoClip Clip, string Sha256, FrameSize Size, int FrameCount, double? FrameRate, SuiteEntry? Entry);
