using System.Text.Json;
using XVideo.Parity;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Tests.Parity;

public sealed class ParityProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-parity-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_TheRepositorysGoldens_EveryCheckPasses()
    {
        var (code, output, error) = Run(GoldenData.Root);

        Assert.True(code == ParityProgram.AllPassed, output + error);
        // Tokenizers 2, schedulers 5 x 3, text encoder 1, transformer 8, VAE 6, pipelines 2 x (2 + 8 steps + frames).
        Assert.EndsWith("67 passed, 0 failed", output.TrimEnd());
    }

    [Fact]
    public void Run_SchedulersFolderByItself_MakesItsChecksOnly()
    {
        var (code, output, _) = Run(GoldenData.Folder("schedulers"));

        Assert.Equal(ParityProgram.AllPassed, code);
        Assert.EndsWith("15 passed, 0 failed", output.TrimEnd());
        Assert.Contains("schedulers cog_ddim: not covered by this version", output);
    }

    [Fact]
    public void Run_OneNumberOfAGoldenChanged_FailsThatCheckAndExitsWithOne()
    {
        var copy = CopyOf("schedulers");
        ChangeOneNumber(Path.Combine(copy, "golden.safetensors"), "unipc_shift3.traj");

        var (code, output, _) = Run(copy);

        Assert.Equal(ParityProgram.SomeFailed, code);
        Assert.EndsWith("14 passed, 1 failed", output.TrimEnd());
        Assert.Contains(" FAIL schedulers unipc_shift3 trajectory", output);
    }

    [Fact]
    public void Run_OneTextEncoderWeightChanged_FailsTheTextEncoder()
    {
        var copy = CopyOf("wan");
        ChangeOneNumber(Path.Combine(copy, "text_encoder", "model.safetensors"), "encoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight");

        var (code, output, _) = Run(copy);

        Assert.Equal(ParityProgram.SomeFailed, code);
        Assert.Contains(" FAIL wan text encoder output", output);
        Assert.EndsWith("14 passed, 1 failed", output.TrimEnd());
    }

    [Fact]
    public void Run_TruncatedWeights_FailsWithTheReasonAndMakesTheOtherChecks()
    {
        var copy = CopyOf("wan");
        var weights = Path.Combine(copy, "text_encoder", "model.safetensors");
        using (var file = File.OpenWrite(weights)) file.SetLength(file.Length / 2);

        var (code, output, _) = Run(copy);

        Assert.Equal(ParityProgram.SomeFailed, code);
        Assert.Contains(weights, output);
        Assert.EndsWith("14 passed, 1 failed", output.TrimEnd());
    }

    [Fact]
    public void Run_TruncatedGoldenFile_IsNamedAndNotTakenForPassed()
    {
        var copy = CopyOf("schedulers");
        var golden = Path.Combine(copy, "golden.safetensors");
        using (var file = File.OpenWrite(golden)) file.SetLength(file.Length / 2);

        var (code, _, error) = Run(copy);

        Assert.Equal(ParityProgram.BadUsage, code);
        Assert.Contains(golden, error);
    }

    [Fact]
    public void Run_PipelineGoldensWithoutTheirModel_SaysWhatIsMissing()
    {
        var (code, output, _) = Run(CopyOf("wan_pipeline"));

        Assert.Equal(ParityProgram.SomeFailed, code);
        Assert.Contains("no Wan model folder lies beside", output);
    }

    [Fact]
    public void Run_Json_IsOneDocumentWithTheSameFigures()
    {
        var (code, output, _) = Run(GoldenData.Folder("schedulers"), "--json");

        Assert.Equal(ParityProgram.AllPassed, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(15, document.RootElement.GetProperty("passed").GetInt32());
        Assert.Equal(0, document.RootElement.GetProperty("failed").GetInt32());
        Assert.All(document.RootElement.GetProperty("checks").EnumerateArray(), check =>
            Assert.True(check.GetProperty("maxAbsoluteError").GetDouble() <= check.GetProperty("tolerance").GetDouble()));
    }

    [Theory]
    [InlineData("No folder is named")]
    [InlineData("--frob is not known", "--frob")]
    [InlineData("--dtype needs a value", "x", "--dtype")]
    [InlineData("--dtype f64 is not known: allowed are f32 and bf16", "x", "--dtype", "f64")]
    [InlineData("--device tpu is not known: allowed are cpu and cuda", "x", "--device", "tpu")]
    [InlineData("does not exist", "/no/such/folder")]
    public void Run_BadUsage_ExitsWithTwoAndSaysWhy(string message, params string[] args)
    {
        var (code, output, error) = Run(args);

        Assert.Equal(ParityProgram.BadUsage, code);
        Assert.Contains(message, error);
        Assert.Empty(output);
    }

    [Fact]
    public void Run_FolderWithoutGoldens_ExitsWithTwo()
    {
        var (code, _, error) = Run(_folder);

        Assert.Equal(ParityProgram.BadUsage, code);
        Assert.Contains("holds no goldens", error);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (ParityProgram.Run(args, output, error), output.ToString(), error.ToString());
    }

    private string CopyOf(string name)
    {
        var from = GoldenData.Folder(name);
        var to = Path.Combine(_folder, name);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return to;
    }

    private static void ChangeOneNumber(string path, string name)
    {
        long offset;
        using (var file = SafetensorsFile.Open(path)) offset = file.Entries[name].Offset;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = offset;
        stream.Write(BitConverter.GetBytes(7.5f));
    }
}
