using XVideo.SparseAttention.Selectors.XAttention;

namespace XVideo.Pipeline.Masks;

/// <summary>Thresholds that were found for every layer and head, and how a video with them compares with dense attention.</summary>
/// <param name="Model">The model they are for.</param>
/// <param name="BlockSize">Tokens of a block.</param>
/// <param name="Stride">Stride of the antidiagonals.</param>
/// <param name="Layers">For each layer one threshold a head.</param>
/// <param name="Steps">What each number of reductions brought, from 0 on; the last one is what <paramref name="Layers"/> holds.</param>
public sealed record ThresholdReport(string Model, int BlockSize, int Stride, IReadOnlyList<IReadOnlyList<double>> Layers, IReadOnlyList<ThresholdStep> Steps)
{
    /// <summary>Writes the file that <c>--threshold</c> takes.</summary>
    /// <exception cref="AttentionThresholdsException">It cannot be written.</exception>
    public void Save(string path) => new AttentionThresholds(Model, BlockSize, Stride, Layers).Save(path);
}
