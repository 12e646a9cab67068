namespace XVideo.Judge;

/// <summary>A connected set of pixels of one frame.</summary>
/// <param name="Pixels">Indices y · width + x.</param>
/// <param name="X">Centroid column in pixels; <paramref name="Y"/> its row.</param>
internal sealed record Blob(int[] Pixels, double X, double Y, int Left, int Top, int Right, int Bottom)
{
    public int Area => Pixels.Length;

    /// <summary>Number of picture borders (0 to 4) that the blob touches.</summary>
    public int BordersTouched(int width, int height) =>
        (Left <= 0 ? 1 : 0) + (Top <= 0 ? 1 : 0) + (Right >= width - 1 ? 1 : 0) + (Bottom >= height - 1 ? 1 : 0);
}
