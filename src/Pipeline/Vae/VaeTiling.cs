namespace XVideo.Pipeline.Vae;

/// <summary>Decodes in overlapping square tiles, to need less memory for large frames. Frames are never split in time.</summary>
/// <param name="Size">Side of a tile in latent pixels.</param>
/// <param name="Overlap">Latent pixels that neighbouring tiles share; across them one fades linearly into the other. At most half of <paramref name="Size"/>.</param>
public sealed record VaeTiling(int Size, int Overlap);
