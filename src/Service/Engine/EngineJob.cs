using XVideo.Pipeline.Requests;

namespace XVideo.Service.Engine;

/// <summary>One video to make.</summary>
/// <param name="Request">Complete and checked.</param>
/// <param name="OutputPath">The mp4 file to write; it must appear only when complete.</param>
/// <param name="PreviewFolder">Where <c>step-NNN.png</c> goes if the request asks for previews; created when needed.</param>
public sealed record EngineJob(ResolvedRequest Request, string OutputPath, string PreviewFolder);
