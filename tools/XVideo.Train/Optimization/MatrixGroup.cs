namespace XVideo.Train.Optimization;

/// <summary>Matrices of one shape that lie behind one another in a flat vector of parameters.</summary>
/// <param name="Start">Index of the first element.</param>
/// <param name="Count">Matrices.</param>
/// <param name="Rows">Rows of each.</param>
/// <param name="Columns">Columns of each.</param>
internal sealed record MatrixGroup(long Start, long Count, long Rows, long Columns)
{
    public long Length => Count * Rows * Columns;
}
