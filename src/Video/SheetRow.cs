namespace XVideo.Video;

/// <summary>One clip of a contact sheet.</summary>
/// <param name="Caption">Written above the pictures; what does not fit is cut.</param>
/// <param name="Frames">[height, width, 3] rgb24 bytes each, shown from left to right; at least one.</param>
public sealed record SheetRow(string Caption, IReadOnlyList<byte[]> Frames);
