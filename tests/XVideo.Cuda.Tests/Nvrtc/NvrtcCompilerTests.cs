using System.Text;
using XVideo.Cuda.Nvrtc;

namespace XVideo.Cuda.Tests.Nvrtc;

/// <summary>The real compiler, where there is one. None of these needs a GPU.</summary>
public sealed class NvrtcCompilerTests
{
    private static readonly Lazy<NvrtcCompiler> Compiler = new(() => new NvrtcCompiler(NvrtcFactAttribute.Probe));

    [NvrtcFact]
    public void Architecture_OfKnownGpus_IsTheirOwn()
    {
        Assert.Equal("sm_90a", Compiler.Value.Architecture(new Version(9, 0)));
        Assert.Equal("sm_80", Compiler.Value.Architecture(new Version(8, 0)));
        Assert.Equal("sm_89", Compiler.Value.Architecture(new Version(8, 9)));
    }

    [NvrtcFact]
    public void Architecture_OfAGpuNewerThanTheCompiler_IsPtxOfTheNewestKnown()
    {
        var architecture = Compiler.Value.Architecture(new Version(99, 0));
        Assert.Matches(@"^compute_(9\d|1\d\d)$", architecture);
        var ptx = Compiler.Value.Compile(Example("2.0f"), architecture);
        var text = Encoding.UTF8.GetString(ptx.Bytes.Span);
        Assert.Contains(".visible .entry xv_example(", text, StringComparison.Ordinal);
        Assert.EndsWith("\0", text, StringComparison.Ordinal);
        Assert.Null(ptx.Resources);
    }

    [NvrtcFact]
    public void Architecture_OfAGpuOlderThanTheKernels_IsRefusedWithWhatIsKnown()
    {
        var error = Assert.Throws<CudaException>(() => Compiler.Value.Architecture(new Version(3, 5)));
        Assert.Contains("cannot compile for compute 3.5; it knows", error.Message, StringComparison.Ordinal);
        Assert.Contains("9.0", error.Message, StringComparison.Ordinal);
    }

    [NvrtcFact]
    public void Compile_KernelWithHeadersAndConstants_GivesACubinWithItsEntryAndResources()
    {
        var compiled = Compiler.Value.Compile(Example("2.0f"), "sm_80");
        Assert.True(compiled.Bytes.Span.StartsWith("\u007fELF"u8));
        Assert.True(compiled.Bytes.Span.IndexOf("xv_example"u8) > 0);
        Assert.InRange(compiled.Resources!.Registers, 4, 40);
        Assert.Equal((128, 0, 0), (compiled.Resources.StaticSharedBytes, compiled.Resources.SpillStoreBytes, compiled.Resources.SpillLoadBytes));
    }

    [NvrtcFact]
    public void Compile_AnotherConstant_GivesAnotherImage()
    {
        var images = ((string[])["2.0f", "3.0f", "2.0f"]).Select(scale => Compiler.Value.Compile(Example(scale), "sm_80").Bytes.ToArray()).ToArray();
        Assert.NotEqual(images[0], images[1]);
        Assert.Equal(images[0], images[2]);
    }

    [NvrtcFact]
    public void Compile_MistakeInTheKernel_NamesFileAndLine()
    {
        var source = new KernelSource("sm80/broken.cu", "// one\nextern \"C\" __global__ void xv_broken()\n{\n    int number = absent;\n}\n", new Dictionary<string, string>(), "xv_broken", ("SIZE", "4"));
        var error = Assert.Throws<KernelCompilationException>(() => Compiler.Value.Compile(source, "sm_80"));
        Assert.Contains("sm80/broken.cu(4): error: identifier \"absent\" is undefined", error.Log, StringComparison.Ordinal);
        Assert.StartsWith($"broken[SIZE=4] does not compile for sm_80 with {Compiler.Value.Name}:\n", error.Message, StringComparison.Ordinal);
        Assert.Contains("broken.cu(4)", error.Message, StringComparison.Ordinal);
    }

    [NvrtcFact]
    public void Compile_MistakeInAHeader_NamesHeaderAndLine()
    {
        var source = new KernelSource("sm80/good.cu", "#include \"bad.cuh\"\n", new Dictionary<string, string> { ["bad.cuh"] = "\n\n#error no such thing\n" }, "xv_good");
        var error = Assert.Throws<KernelCompilationException>(() => Compiler.Value.Compile(source, "sm_90a"));
        Assert.Contains("bad.cuh(3)", error.Log, StringComparison.Ordinal);
    }

    [NvrtcFact]
    public void Compile_VariableThatIsNeverUsed_IsAWarningWithFileAndLine()
    {
        var source = new KernelSource("sm80/untidy.cu", "extern \"C\" __global__ void xv_untidy()\n{\n    int idle;\n}\n", new Dictionary<string, string>(), "xv_untidy");
        Assert.Contains("untidy.cu(3): warning", Assert.Single(Compiler.Value.Compile(source, "sm_80").Warnings), StringComparison.Ordinal);
        Assert.Empty(Compiler.Value.Compile(Example("2.0f"), "sm_80").Warnings);
    }

    [NvrtcFact]
    public void Compile_ArchitectureThatDoesNotExist_IsReported()
    {
        var error = Assert.Throws<KernelCompilationException>(() => Compiler.Value.Compile(Example("1.0f"), "sm_1"));
        Assert.Contains("gpu-architecture", error.Message, StringComparison.Ordinal);
    }

    [NvrtcFact]
    public void Cache_WithTheRealCompiler_KeepsTheCubinAndItsFigures()
    {
        using var folder = new TemporaryFolder();
        var log = new List<string>();
        var made = new KernelCache(Compiler.Value, new KernelCacheFolder(folder.Path), log.Add).Get(Example("2.0f"), new Version(9, 0));
        Assert.Matches(@"^compiled kernel example\[SCALE=2.0f\] for sm_90a in \d+ ms, \d+ registers, 128 bytes static shared, 0 bytes spilled$", Assert.Single(log));
        var read = new KernelCache(Compiler.Value, new KernelCacheFolder(folder.Path), log.Add) { AssertNoCompile = true }.Get(Example("2.0f"), new Version(9, 0));
        Assert.True(read.Bytes.Span.SequenceEqual(made.Bytes.Span));
        Assert.Equal(made.Resources, read.Resources);
    }

    [Fact]
    public void Compiler_NotFound_SaysWhatWasTriedAndHowToInstallIt()
    {
        var error = Assert.Throws<CudaException>(() => new NvrtcCompiler(new NvrtcProbe(null, null, ["/a/libnvrtc.so.13", "libnvrtc.so"])));
        Assert.Contains("/a/libnvrtc.so.13, libnvrtc.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("Install it", error.Message, StringComparison.Ordinal);
    }

    [NvrtcFact]
    public void Probe_DriverOlderThanTheCompiler_PassesItOver()
    {
        var folder = Path.GetDirectoryName(NvrtcFactAttribute.Probe.Path)!;
        var probe = NvrtcProbe.Run([folder], new Version(NvrtcFactAttribute.Probe.Version!.Major - 1, 9));
        Assert.NotEqual(NvrtcFactAttribute.Probe.Path, probe.Path);
        Assert.Equal(NvrtcFactAttribute.Probe.Path, NvrtcProbe.Run([folder], NvrtcFactAttribute.Probe.Version).Path);
    }

    private static KernelSource Example(string scale) => KernelSource.FromResources(typeof(NvrtcCompilerTests).Assembly, "Kernels/", "sm80/example.cu", "xv_example", ("SCALE", scale));
}
