namespace XVideo.Pipeline.Requests;

/// <summary>Which model made a video.</summary>
/// <param name="Name">The folder's own name.</param>
/// <param name="Folder">Absolute path.</param>
/// <param name="ClassName">The pipeline class of its <c>model_index.json</c>, for example <c>WanPipeline</c>.</param>
/// <param name="Hash">What <see cref="ModelHash"/> computes.</param>
public sealed record ModelDescription(string Name, string Folder, string ClassName, string Hash);
