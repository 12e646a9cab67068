using TorchSharp;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Gpu;

public sealed class CudaBackendTests
{
    private static readonly AttentionDesc Usual = new(ScalarType.BFloat16, DeviceType.CUDA, new Version(9, 0), 1, 12, 4096, 4096, 128, 128);

    [Fact]
    public void Refusal_OnTheCpu_SaysSo() => Refuses(CudaBackend.Sm90, Usual with { Device = DeviceType.CPU, ComputeCapability = null }, "sm90 runs on a GPU, and this is on the CPU.");

    [Fact]
    public void Refusal_Sm90OnAmpere_NamesBothCapabilities() => Refuses(CudaBackend.Sm90, Usual with { ComputeCapability = new Version(8, 6) }, "sm90 is for compute 9.0, and this GPU is 8.6.");

    [Fact]
    public void Refusal_Sm90OnBlackwell_NamesBothCapabilities() => Refuses(CudaBackend.Sm90, Usual with { ComputeCapability = new Version(12, 0) }, "sm90 is for compute 9.0, and this GPU is 12.0.");

    [Fact]
    public void Refusal_Sm80OnTuring_NamesBothCapabilities() => Refuses(CudaBackend.Sm80, Usual with { ComputeCapability = new Version(7, 5) }, "sm80 needs compute 8.0, and this GPU is 7.5.");

    [Fact]
    public void Refusal_Float32_NamesTheTypesAndWhatToDo() =>
        Refuses(CudaBackend.Sm90, Usual with { DType = ScalarType.Float32 }, "sm90 computes in BFloat16 or Float16, and the inputs are Float32; use --dtype bf16.");

    [Fact]
    public void Refusal_HeadDim96_NamesThoseThatWork() => Refuses(CudaBackend.Sm80, Usual with { HeadDim = 96 }, "sm80 takes D=64 or 128, and the heads have D=96.");

    [Fact]
    public void Refusal_BlockSize32_NamesThoseThatWork() => Refuses(CudaBackend.Sm80, Usual with { BlockSize = 32 }, "sm80 takes blocks of 64 or 128 tokens, and these have 32.");

    [Fact]
    public void Forward_OnTheCpu_Throws()
    {
        using var query = zeros([1, 1, 8, 64], ScalarType.BFloat16);
        var error = Assert.Throws<ArgumentException>(() => CudaBackend.Sm80.Forward(query, query, query));
        Assert.StartsWith("query is on cpu; sm80 needs it on a GPU.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_AutomaticFloat32OnAGpu_DoesNotFallBackToTheReference()
    {
        var error = Assert.Throws<AttentionNotAvailableException>(() => AttentionBackends.Choose(AttentionOptions.Automatic, Usual with { DType = ScalarType.Float32 }, AttentionBackends.All));
        Assert.StartsWith("No attention backend can do this: sm90 computes in BFloat16 or Float16, and the inputs are Float32; use --dtype bf16.", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("many times slower: --attention-backend reference.", error.Message, StringComparison.Ordinal);
    }

    private static void Refuses(CudaBackend backend, AttentionDesc desc, string message) => Assert.Equal(message, backend.Refusal(desc));
}
