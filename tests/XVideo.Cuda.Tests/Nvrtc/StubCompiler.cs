using System.Text;
using XVideo.Cuda.Nvrtc;

namespace XVideo.Cuda.Tests.Nvrtc;

/// <summary>Makes images without a compiler: the display name, the architecture and a salt.</summary>
internal sealed class StubCompiler : IKernelCompiler
{
    private int _compilations;

    public string Name { get; init; } = "stub 1.0";

    public IReadOnlyList<string> Options { get; init; } = ["--fast"];

    public string Salt { get; init; } = "";

    public KernelResources? Resources { get; init; } = new(168, 1024, 0, 0, 0);

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public Exception? Failure { get; set; }

    public int Compilations => _compilations;

    public static KernelSource Source(params (string Name, string Value)[] constants) =>
        new("sm90/example.cu", "extern \"C\" void xv_example();", new Dictionary<string, string> { ["numbers.cuh"] = "typedef int Number;" }, "xv_example", constants);

    public string Architecture(Version computeCapability) => $"sm_{computeCapability.Major}{computeCapability.Minor}";

    public CompiledKernel Compile(KernelSource source, string architecture)
    {
        Interlocked.Increment(ref _compilations);
        if (Failure is { } failure) throw failure;
        return new(Encoding.ASCII.GetBytes($"{source.DisplayName} {architecture} {Salt}"), Resources, Warnings);
    }
}
