namespace XVideo.SparseAttention;

/// <summary>Where the video tokens lie: token (t, y, x) is number (t·Rows + y)·Columns + x.</summary>
/// <param name="Frames">Latent frames after patching.</param>
/// <param name="Rows">Rows of a frame.</param>
/// <param name="Columns">Columns of a row.</param>
public readonly record struct TokenGrid(int Frames, int Rows, int Columns)
{
    /// <summary>Video tokens in all.</summary>
    public int Tokens => Frames * Rows * Columns;
}
