using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>One thing in front of a backdrop in one frame. Lengths are in pixels of a <see cref="Film"/>.</summary>
/// <param name="IsCut">It touches the edge of the picture.</param>
/// <param name="Outline">Distance from the centre to the edge for each ray, clockwise from straight up.</param>
/// <param name="Hollowness">0 filled … 1 the backdrop shows in the middle.</param>
internal sealed record PlainFigure(Blob Blob, bool IsCut, Rgb Color, RadialOutline Outline, double Hollowness)
{
    public double X => Outline.X;

    public double Y => Outline.Y;

    /// <summary>Radius of a disc that covers the same area.</summary>
    public double Radius => Outline.Radius;
}
