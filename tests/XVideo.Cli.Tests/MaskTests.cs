namespace XVideo.Cli.Tests;

/// <summary>Pictures of masks, on the model that ships, small.</summary>
public sealed class MaskTests : IDisposable
{
    private static readonly string[] Small = ["mask", "--prompt", "a red ball bounces", "--width", "128", "--height", "128", "--frames", "17", "--steps", "3", "--seed", "1", "--block-size", "64"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mask_DefaultModel_WritesFourPicturesAndPrintsDensities()
    {
        var run = CliRun.Start(_folder.Path, [.. Small, "--model", ModelPath, "--recall", "--layer", "2", "--head", "1", "--token", "0,0,0", "--output", "m.png"]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(["m-keys.png", "m-layers.png", "m-video.png", "m.png"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(_folder.Path), file => Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(file)[..4]));
        Assert.Contains("Density in step 2, prompt pass", run.Output, StringComparison.Ordinal);
        Assert.Contains("head 3", run.Output, StringComparison.Ordinal);
        Assert.Contains("Share of the exact attention weight", run.Output, StringComparison.Ordinal);
        Assert.Contains("attention xattention", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Mask_WindowAsJson_HasEveryLayer()
    {
        var run = CliRun.Start(_folder.Path, [.. Small, "--model", ModelPath, "--attention", "window", "--window", "1,2,2", "--dense-first-layers", "1", "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal([1, 2, 3, 4, 5, 6], run.Json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("layer").GetInt32()));
        Assert.Equal(4, run.Json.GetProperty("pictures").GetArrayLength());
    }

    public static TheoryData<string[], string, int> Bad { get; } = new()
    {
        { ["--attention", "dense", "--block-size", "64"], "attention dense has no such setting", 2 },
        { ["--layer", "7"], "layer 7 is not usable", 2 },
        { ["--layer", "0", "--dense-first-layers", "1"], "layer 0 is not usable: it is dense", 2 },
        { ["--head", "-1"], "head -1 is not usable", 2 },
        { ["--token", "5,0,0"], "token \"5,0,0\" is not usable: it must be latent frame, row and column, from 0,0,0 to 4,7,7", 2 },
        { ["--token", "middle"], "token \"middle\"", 2 },
        { ["--step", "0"], "step 0 is not usable", 2 },
        { ["--output", "taken.png"], "Picture \"taken.png\" exists already", 2 },
        { ["--output", "missing/mask.png"], "does not exist", 4 },
        { ["--output", "mask.mp4"], "output \"mask.mp4\" is not usable: masks are written as PNG", 2 },
        { ["--dense-warmup", "3"], "every call of this request is dense (warm-up)", 2 },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Mask_BadInput_ExplainsIt(string[] arguments, string sentence, int exitCode)
    {
        _folder.File("taken.png", "x");
        string[] all = [.. Small[..^2], "--model", ModelPath, .. arguments.Contains("--block-size") ? [] : Small[^2..], .. arguments];
        var run = CliRun.Start(_folder.Path, all);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal(["taken.png"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    private static string ModelPath { get; } = FindModel();

    private static string FindModel([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "weights", "default"));
}
