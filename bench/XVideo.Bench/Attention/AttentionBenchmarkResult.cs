using XVideo.Bench.Measuring;

namespace XVideo.Bench.Attention;

/// <summary>Everything that a run found, as it is written to the JSON file.</summary>
/// <param name="Machine">Processor, GPU, driver, libtorch.</param>
/// <param name="ClocksBefore">nvidia-smi before the rounds, where it can be asked.</param>
/// <param name="ClocksAfter">And after them.</param>
/// <param name="Protocol">How it was measured, in sentences.</param>
/// <param name="Shape">[B, N, S, D].</param>
/// <param name="DType">Of the inputs.</param>
/// <param name="BlockSize">Tokens of a block.</param>
/// <param name="Data">random or clustered.</param>
/// <param name="Runs">Rounds that counted.</param>
/// <param name="Roofline">What the machine can do.</param>
/// <param name="RooflineText">The same in words.</param>
/// <param name="SelectionMemory">One for each stride; none on the CPU.</param>
/// <param name="Rows">In the order of the table.</param>
internal sealed record AttentionBenchmarkResult(
    string Machine, string? ClocksBefore, string? ClocksAfter, IReadOnlyList<string> Protocol, IReadOnlyList<long> Shape, string DType, int BlockSize, string Data, int Runs,
    Roofline Roofline, string RooflineText, IReadOnlyList<SelectionMemory> SelectionMemory, IReadOnlyList<AttentionRow> Rows);
