namespace XVideo.Tokenizers.Unigram;

/// <summary>The best piece that ends at each position of a text: work space of one call, reused from word to word.</summary>
internal sealed class Lattice
{
    private readonly List<int> _path = [];

    /// <summary>Start of the best piece ending here; −1 when none does.</summary>
    public int[] Starts { get; private set; } = [];

    public int[] Ids { get; private set; } = [];

    /// <summary>Score of the best path up to here.</summary>
    public double[] Scores { get; private set; } = [];

    public void Reset(int textLength)
    {
        if (Starts.Length <= textLength)
        {
            Starts = new int[textLength + 1];
            Ids = new int[textLength + 1];
            Scores = new double[textLength + 1];
        }

        Array.Fill(Starts, -1, 0, textLength + 1);
        Scores[0] = 0;
    }

    /// <summary>The ends of the pieces on the best path, last first. Valid until the next call.</summary>
    public List<int> BestPath(int textLength)
    {
        _path.Clear();
        for (var end = textLength; end > 0; end = Starts[end])
        {
            _path.Add(end);
        }

        return _path;
    }
}
