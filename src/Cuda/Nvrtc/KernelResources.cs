using System.Globalization;
using System.Text.RegularExpressions;

namespace XVideo.Cuda.Nvrtc;

/// <summary>What one thread or block of a compiled kernel needs.</summary>
/// <param name="Registers">Per thread.</param>
/// <param name="StaticSharedBytes">Shared memory of fixed size, per block.</param>
/// <param name="StackBytes">Local memory, per thread: arrays indexed at run time, and spilled registers.</param>
/// <param name="SpillStoreBytes">Registers written to local memory because there were too few, per thread; 0 in a good kernel.</param>
/// <param name="SpillLoadBytes">Likewise read back.</param>
public sealed partial record KernelResources(int Registers, int StaticSharedBytes, int StackBytes, int SpillStoreBytes, int SpillLoadBytes)
{
    /// <summary>Reads what the assembler reports with <c>--ptxas-options=-v</c>.</summary>
    /// <param name="log">The compiler's whole log.</param>
    /// <param name="entryName">The kernel; the log may describe others too.</param>
    /// <returns><see langword="null"/> when the log has no report on this entry, as when only PTX was made.</returns>
    internal static KernelResources? Parse(string log, string entryName)
    {
        var start = log.IndexOf($"Compiling entry function '{entryName}'", StringComparison.Ordinal);
        if (start < 0) return null;
        var end = log.IndexOf("Compiling entry function", start + 1, StringComparison.Ordinal);
        var report = end < 0 ? log[start..] : log[start..end];
        // Functions that were not inlined are described too, under their own names.
        var properties = report.IndexOf($"Function properties for {entryName}", StringComparison.Ordinal);
        if (Frame().Match(report, Math.Max(properties, 0)) is not { Success: true } frame || Used().Match(report) is not { Success: true } used) return null;
        return new(Number(used), SharedBytes().Match(report, used.Index) is { Success: true } shared ? Number(shared) : 0, Number(frame), Number(frame, 2), Number(frame, 3));
    }

    private static int Number(Match match, int group = 1) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")]
    private static partial Regex Frame();

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Used();

    [GeneratedRegex(@"(\d+) bytes smem")]
    private static partial Regex SharedBytes();
}
