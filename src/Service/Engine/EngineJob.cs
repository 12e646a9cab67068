using XVideo.Pipeline.Requests;

namespace XVideo.Service.Engine;

/// <summary>One video to make.</summary>
/// <param name="Request">Complete and checked.</param>
/// <param name="OutputPath">The mp4 file to write; it must appear only when complete.</param>
/// <param name="PreviewFolder">Where <c>step-NNN.png</c> goes if the request asks for previews; created when needed.</param>
/// <param name="CheckpointPath">Keeps the place of the work: what lies there is gone on from, and is of the same job; written when the work is stopped, and now and then.</param>
public sealed record EngineJob(ResolvedRequest Request, string OutputPath, string PreviewFolder, string CheckpointPath);
