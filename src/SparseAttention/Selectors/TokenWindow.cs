namespace XVideo.SparseAttention.Selectors;

/// <summary>A box around a token in time, rows and columns: how far it sees to each side on each axis.</summary>
/// <param name="Frames">Latent frames to each side.</param>
/// <param name="Rows">Rows to each side.</param>
/// <param name="Columns">Columns to each side.</param>
public readonly record struct TokenWindow(int Frames, int Rows, int Columns);
