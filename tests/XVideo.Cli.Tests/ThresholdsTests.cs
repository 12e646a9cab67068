namespace XVideo.Cli.Tests;

/// <summary>Finding thresholds, on the model that ships, small.</summary>
public sealed class ThresholdsTests : IDisposable
{
    private static string[] Size => ["--model", ModelPath, "--width", "128", "--height", "128", "--frames", "17", "--steps", "2", "--seed", "1"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Thresholds_DefaultModel_WritesAFileThatGenerateTakesWithItsBlockSize()
    {
        var found = CliRun.Start(_folder.Path, ["thresholds", "--prompt", "a red ball bounces", .. Size, "--block-size", "64", "--stride", "4", "--output", "t.json", "--json"]);
        Assert.True(found.ExitCode == 0, found.Error);
        Assert.Equal(Path.Combine(_folder.Path, "t.json"), found.Json.GetProperty("file").GetString());
        Assert.InRange(found.Json.GetProperty("steps")[0].GetProperty("density").GetDouble(), 0.1, 1);

        var run = CliRun.Start(_folder.Path, ["generate", "--prompt", "a red ball bounces", .. Size, "--attention", "xattention", "--threshold", "t.json", "--output", "a.mp4", "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        var settings = run.Json.GetProperty("settings").GetProperty("attention");
        Assert.Equal((64, 4, 7, 4), (settings.GetProperty("blockSize").GetInt32(), settings.GetProperty("stride").GetInt32(), settings.GetProperty("threshold").GetArrayLength(), settings.GetProperty("threshold")[0].GetArrayLength()));

        var other = CliRun.Start(_folder.Path, ["generate", "--prompt", "a red ball bounces", .. Size, "--attention", "xattention", "--threshold", "t.json", "--block-size", "128", "--output", "b.mp4"]);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("block-size 128 is not usable: the thresholds were found with blocks of 64", other.Error, StringComparison.Ordinal);

        var oracle = CliRun.Start(_folder.Path, ["generate", "--prompt", "a red ball bounces", .. Size, "--attention", "oracle", "--threshold", "t.json", "--output", "b.mp4"]);
        Assert.Equal(2, oracle.ExitCode);
        Assert.Contains("attention oracle takes one number", oracle.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string[], string> Bad { get; } = new()
    {
        { ["--prompt", "a red ball", "--coverage", "0"], "coverage \"0\" is not usable" },
        { ["--prompt", "a red ball", "--coverage", "1.5"], "coverage \"1.5\"" },
        { ["--prompt", "a red ball", "--coverage", "most"], "coverage \"most\"" },
        { ["--prompt", "a red ball", "--search", "-1"], "search \"-1\"" },
        { ["--prompt", "a red ball", "--search", "many"], "search \"many\"" },
        { ["--prompt", "a red ball", "--stride", "5"], "stride 5 is not usable" },
        { ["--prompt", "a red ball", "--output", "taken.json"], "Threshold file \"taken.json\" exists already" },
        { ["--prompt", "a red ball", "--threshold", "0.9"], "--threshold is not known to xvideo thresholds" },
        { ["--prompt", "a red ball", "--block-size", "128"], "every call of this request is dense (few tokens)" },
        { [], "No prompt was given" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Thresholds_BadInput_ExplainsIt(string[] arguments, string sentence)
    {
        _folder.File("taken.json", "x");
        var run = CliRun.Start(_folder.Path, ["thresholds", .. Size, .. arguments]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal(["taken.json"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    private static string ModelPath { get; } = FindModel();

    private static string FindModel([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "weights", "default"));
}
