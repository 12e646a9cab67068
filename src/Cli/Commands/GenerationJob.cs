using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary>One video to make.</summary>
/// <param name="Request">Complete and legal.</param>
/// <param name="OutputPath">File, or folder of frames.</param>
/// <param name="Output">How it is written.</param>
internal sealed record GenerationJob(ResolvedRequest Request, string OutputPath, OutputOptions Output);
