using XVideo.Bench.Measuring;

namespace XVideo.Bench.DiT;

/// <summary>Everything that a run found, as it is written to the JSON file.</summary>
/// <param name="Machine">Processor, GPU, driver, libtorch.</param>
/// <param name="ClocksBefore">nvidia-smi before the passes, where it can be asked.</param>
/// <param name="ClocksAfter">And after them.</param>
/// <param name="Protocol">How it was measured, in sentences.</param>
/// <param name="Model">Name or folder; its weights are random.</param>
/// <param name="Parameters">Numbers in it.</param>
/// <param name="Latent">Frames, rows, columns.</param>
/// <param name="Tokens">Video tokens.</param>
/// <param name="DType">Of the network.</param>
/// <param name="Steps">Denoising steps.</param>
/// <param name="Roofline">What the machine can do.</param>
/// <param name="ProductOperations">Of the linear layers of a pass.</param>
/// <param name="DenseAttentionOperations">Of the self-attention of a dense pass.</param>
/// <param name="PassMemory">Over all passes.</param>
/// <param name="Rows">One for each density.</param>
/// <param name="Denoise">One for each density, when whole loops were run.</param>
/// <param name="Elsewhere">Figures of other programs, not measured here; only for the sizes that they hold for.</param>
internal sealed record DiTBenchmarkResult(
    string Machine, string? ClocksBefore, string? ClocksAfter, IReadOnlyList<string> Protocol, string Model, long Parameters, IReadOnlyList<long> Latent, int Tokens, string DType, int Steps,
    Roofline Roofline, double ProductOperations, double DenseAttentionOperations, MemoryUse PassMemory, IReadOnlyList<DiTRow> Rows, IReadOnlyList<DenoiseRow> Denoise,
    IReadOnlyList<DiTBenchmarkResult.Figure> Elsewhere)
{
    /// <summary>A figure of another program.</summary>
    /// <param name="What">Program, kernel and machine.</param>
    /// <param name="ForwardMs">A pass.</param>
    public sealed record Figure(string What, double ForwardMs);
}
