namespace XVideo.SparseAttention.Quality;

/// <summary>One choice of blocks, measured.</summary>
/// <param name="Arm">Which of the settings made it, from 0.</param>
/// <param name="Step">Denoising step, from 0.</param>
/// <param name="Layer">Transformer block, from 0.</param>
/// <param name="Quality">What it keeps and loses.</param>
public sealed record ProbeSample(int Arm, int Step, int Layer, SelectionQuality Quality);
