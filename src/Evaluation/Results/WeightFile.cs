namespace XVideo.Evaluation.Results;

/// <summary>A weight file that was used.</summary>
/// <param name="Name">Its published name.</param>
/// <param name="Path">Where it was found.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal digits.</param>
/// <param name="IsPublished">Whether that is the published hash; <see langword="null"/> where we do not know it, or the file was converted.</param>
public sealed record WeightFile(string Name, string Path, string Sha256, bool? IsPublished);
