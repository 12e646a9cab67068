using System.Diagnostics;
using TorchSharp;
using XVideo.Cuda;
using XVideo.GpuChecks.Checks;
using XVideo.SparseAttention.Gpu;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>The command: checks the kernels, and what runs on them, on the GPU of this machine.</summary>
public static class GpuCheckProgram
{
    private const int AllPassed = 0, SomeFailed = 1, BadUsage = 2, NoGpu = 3;

    // In order of what they build on. The sanitizer's family runs alone.
    private static readonly CheckFamily[] Families =
    [
        new ListRuleChecks(), new RowOrderChecks(), new RowKernelChecks(), new AttentionAccuracyChecks(), new AttentionHostileChecks(), new AttentionEqualityChecks(),
        new AttentionGuardChecks(), new AttentionLongChecks(), new ScoreKernelChecks(), new XAttentionChecks(), new XAttentionRuleChecks(), new XAttentionHostileChecks(),
        new GoldenChecks(), new TransformerChecks(), new NoWaitChecks(), new ModelMaskChecks(), new KernelCacheChecks(), new RefusalChecks(),
    ];

    /// <summary>Runs the command.</summary>
    /// <param name="args">See <see cref="CheckOptions.Usage"/>.</param>
    /// <param name="output">Gets the checks and the closing line.</param>
    /// <param name="error">Gets what is wrong with the command line or the machine.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        try
        {
            var options = CheckOptions.Parse(args);
            if (options.IsList)
            {
                foreach (var family in Families) output.WriteLine(family.Name);
                return AllPassed;
            }
            if (options.IsCompiling) return CompilingProcess.Run(options.Device.index, output, error);
            if (WhyNot(options.Device.index) is not { } problem) return Check(options, output);
            error.WriteLine(problem);
            return NoGpu;
        }
        catch (CheckUsageException problem)
        {
            error.WriteLine(problem.Message);
            return BadUsage;
        }
    }

    private static string? WhyNot(int ordinal)
    {
        var gpus = CudaProbe.Run();
        if (gpus.Devices.Count == 0) return $"There is no GPU to check: {gpus.Problem}.";
        if (ordinal >= gpus.Devices.Count) return $"There is no GPU cuda:{ordinal} to check: the driver names {gpus.Devices.Count}, numbered from 0.";
        try
        {
            if (cuda.device_count() <= ordinal) return $"There is no GPU to check: libtorch {Libtorch.Version} in {Libtorch.Location.LibraryFolder} sees {cuda.device_count()}. Set XVIDEO_LIBTORCH to a libtorch with CUDA.";
            _ = GpuDevice.Of(ordinal);
        }
        catch (Exception problem) when (problem is LibtorchException or CudaException)
        {
            return $"The GPU cannot be checked: {problem.Message}";
        }
        return GpuDevice.Problem is { } missing ? $"The GPU cannot be checked: {missing}" : null;
    }

    private static int Check(CheckOptions options, TextWriter output)
    {
        CheckFamily[] families = options.IsSanitizer ? [new SanitizerChecks()] : [.. Families.Where(family => family.Name.Contains(options.Filter ?? "", StringComparison.OrdinalIgnoreCase))];
        if (families.Length == 0) throw new CheckUsageException($"--filter {options.Filter} fits no family: there are {string.Join(", ", Families.Select(family => family.Name))}.");
        var clock = Stopwatch.StartNew();
        var report = new CheckReport(output, () => cuda.synchronize(options.Device), !options.IsSanitizer);
        var context = new CheckContext(options, report, GpuDevice.Of(options.Device.index));
        var gpu = context.Gpu.Device;
        report.Say($"{gpu.Name}, compute {gpu.ComputeCapability}, libtorch {Libtorch.Version}, seed {options.Seed}");
        Compile(families, context);
        foreach (var family in families)
        {
            manual_seed(options.Seed);
            try
            {
                family.Run(context);
            }
            catch (Exception problem)
            {
                report.Check(family.Name, () => Outcome.Failed($"the family ended early: {problem.GetType().Name}: {problem.Message}"));
            }
        }
        report.Say($"{clock.Elapsed.TotalSeconds:0} s in all");
        report.Close();
        return report is { Failed: 0, Passed: > 0 } ? AllPassed : SomeFailed;
    }

    // What does not compile fails the check that needs it.
    private static void Compile(IEnumerable<CheckFamily> families, CheckContext context)
    {
        var clock = Stopwatch.StartNew();
        var sources = families.SelectMany(family => family.Kernels(context)).Distinct().ToArray();
        Parallel.ForEach(sources, source =>
        {
            try
            {
                context.Gpu.Kernel(source);
            }
            catch (CudaException problem)
            {
                context.Report.Say($"{source.DisplayName}: {problem.Message}");
            }
        });
        context.Report.Say($"{sources.Length} kernels compiled or found in {clock.Elapsed.TotalSeconds:0.0} s");
    }
}
