namespace XVideo.Service.Store;

/// <summary>A finished file of a job.</summary>
/// <param name="Variant">Which one: <c>video</c>, <c>thumbnail</c>, <c>spritesheet</c>; one of each at most.</param>
/// <param name="Path">Relative to the store of files, with '/'. No two artifacts share one.</param>
/// <param name="ContentType">For example <c>video/mp4</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its bytes, 32 bytes.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record Artifact(string Variant, string Path, string ContentType, long Bytes, byte[] Sha256, int Width, int Height);
