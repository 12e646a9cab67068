namespace XVideo.Bench.Attention;

/// <summary>What <c>bench attention</c> measures; a missing number has its default, which depends on the device.</summary>
/// <param name="Device">auto, cpu, cuda or cuda:N.</param>
/// <param name="Heads">N.</param>
/// <param name="Tokens">Sq and Sk.</param>
/// <param name="HeadDim">D.</param>
/// <param name="Batch">B.</param>
/// <param name="DType">bf16, f16 or f32.</param>
/// <param name="BlockSize">Tokens of a block.</param>
/// <param name="Strides">Of XAttention.</param>
/// <param name="Densities">Shares of the blocks that are kept.</param>
/// <param name="Data"><see cref="AttentionInputs.Random"/> or <see cref="AttentionInputs.Clustered"/>.</param>
/// <param name="Backends">Ours to measure; auto is the one that a plan would choose.</param>
/// <param name="Runs">Rounds that count.</param>
/// <param name="Json">File for the results.</param>
/// <param name="Plot">File for the picture.</param>
internal sealed record AttentionBenchmarkSettings(
    string Device, int? Heads, int? Tokens, int? HeadDim, int Batch, string? DType, int BlockSize, IReadOnlyList<int> Strides, IReadOnlyList<double> Densities,
    string Data, IReadOnlyList<string> Backends, int Runs, string? Json, string? Plot);
