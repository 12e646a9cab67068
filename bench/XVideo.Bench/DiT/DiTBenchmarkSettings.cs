namespace XVideo.Bench.DiT;

/// <summary>What <c>bench dit</c> measures.</summary>
/// <param name="Device">auto, cpu, cuda or cuda:N.</param>
/// <param name="Model">wan-1.3b, or a folder with the config of a transformer.</param>
/// <param name="Latent">Latent frames, rows, columns; <see langword="null"/>: by the device.</param>
/// <param name="TextTokens">L.</param>
/// <param name="DType">bf16 or f32; <see langword="null"/>: by the device.</param>
/// <param name="Densities">Forced shares of the blocks; 1 is dense attention.</param>
/// <param name="Stride">Of XAttention.</param>
/// <param name="Steps">Denoising steps.</param>
/// <param name="Runs">Rounds that count.</param>
/// <param name="Denoises">Whether whole denoising loops are run, not only estimated.</param>
/// <param name="Json">File for the results.</param>
internal sealed record DiTBenchmarkSettings(
    string Device, string Model, IReadOnlyList<int>? Latent, int TextTokens, string? DType, IReadOnlyList<double> Densities, int Stride, int Steps, int Runs, bool Denoises, string? Json);
