using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>What the kernels do not take is refused with values, and <c>auto</c> goes on to the next backend.</summary>
internal sealed class RefusalChecks : CheckFamily
{
    /// <inheritdoc/>
    public override string Name => "refusals";

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var backend in context.Backends)
        {
            Refuses($"{backend.Name} head dim 96", () => Forward(context, backend, 96, ScalarType.BFloat16), "D=64 or 128", "D=96");
            Refuses($"{backend.Name} float32", () => Forward(context, backend, 64, ScalarType.Float32), "Float32", "bf16");
            Refuses($"{backend.Name} blocks of 32", () => Forward(context, backend, 64, ScalarType.BFloat16, 32), "64 or 128", "32");
            Refuses($"{backend.Name} inputs on the CPU", () => backend.Forward(ones([1, 1, 8, 64]), ones([1, 1, 8, 64]), ones([1, 1, 8, 64])), "cpu", backend.Name);
            Refuses($"{backend.Name} a list on the CPU", () => Forward(context, backend, 64, ScalarType.BFloat16, 64, CPU), "cpu", $"{context.Device}");
            Refuses($"{backend.Name} a scale that is not finite", () => Forward(context, backend, 64, ScalarType.BFloat16, scale: double.NaN), "NaN");
        }
        var desc = context.Describe(1, 2, 1024, 128);
        var older = desc with { ComputeCapability = new Version(8, 6) };
        NotAvailable("sm90 on compute 8.6", "sm90", older, "9.0", "8.6", "sm80");
        NotAvailable("sm80 on compute 7.5", "sm80", desc with { ComputeCapability = new Version(7, 5) }, "8.0", "7.5");
        NotAvailable("sm80 without a known compute capability", "sm80", desc with { ComputeCapability = null }, "compute capability");
        NotAvailable("sm80 head dim 96", "sm80", desc with { HeadDim = 96 }, "D=96");
        NotAvailable("sm80 float32", "sm80", desc with { DType = ScalarType.Float32 }, "Float32", "--dtype bf16");
        NotAvailable("sm80 blocks of 32", "sm80", desc with { BlockSize = 32 }, "32");
        NotAvailable("sm80 on the CPU", "sm80", desc with { Device = TorchSharp.DeviceType.CPU, ComputeCapability = null }, "CPU");
        Chooses("on this GPU", context.Backends[0].Name, desc with { BlockSize = 128 });
        Chooses("on compute 8.6", "sm80", older with { BlockSize = 128 });
        Chooses("for dense float32", "sdpa", desc with { DType = ScalarType.Float32 });
        NotAvailable("auto, lists in float32", "auto", desc with { DType = ScalarType.Float32, BlockSize = 128 }, "--dtype bf16", "--attention-backend reference");
        context.Report.Check("refusal: a plan with a named backend and head dim 96", () => Outcome.Throws<AttentionNotAvailableException>(
            () => AttentionPlan.Create(new AttentionOptions { Method = "xattention", Backend = context.Backends[0].Name }, 4, 2, desc with { HeadDim = 96 }).Dispose(), "D=96", "auto"));

        void Refuses(string name, Action code, params string[] texts) => context.Report.Check($"refusal: {name}", () => Outcome.Throws<ArgumentException>(code, texts));

        void NotAvailable(string name, string backend, AttentionDesc asked, params string[] texts) => context.Report.Check(
            $"refusal: {name}", () => Outcome.Throws<AttentionNotAvailableException>(() => AttentionBackends.Choose(backend, asked, AttentionBackends.All), texts));

        void Chooses(string name, string expected, AttentionDesc asked) => context.Report.Check($"auto {name} is {expected}", () =>
        {
            var chosen = AttentionBackends.Choose(AttentionOptions.Automatic, asked, AttentionBackends.All).Name;
            return Outcome.Holds(chosen == expected, chosen);
        });
    }

    private static void Forward(CheckContext context, CudaBackend backend, int headDim, ScalarType dtype, int? block = null, Device? listDevice = null, double? scale = null)
    {
        var x = ones([1, 1, 256, headDim], dtype, context.Device);
        using var blocks = block is { } size ? BlockList.All(new BlockLayout(256, 256, size), listDevice ?? context.Device) : null;
        backend.Forward(x, x, x, blocks, scale);
    }
}
