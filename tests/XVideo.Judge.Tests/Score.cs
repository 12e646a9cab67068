namespace XVideo.Judge.Tests;

/// <summary>Hits out of tries.</summary>
internal sealed class Score
{
    public int Right { get; private set; }

    public int All { get; private set; }

    public double Share => All == 0 ? 1 : (double)Right / All;

    public void Add(bool right) => (Right, All) = (Right + (right ? 1 : 0), All + 1);

    public override string ToString() => All == 0 ? "" : $"{100 * Share:0.0} ({All})";
}
