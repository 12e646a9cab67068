namespace XVideo.Cli.Tests;

/// <summary>Every kind of wrong input: its exit code, the sentence that explains it, and nothing left behind.</summary>
public sealed class BadInputTests
{
    private static readonly string[] Prompt = ["--prompt", "a red ball bounces"];

    private static readonly string[] Sparse = [.. Prompt, "--attention", "xattention"];

    public static TheoryData<string, string[], int, string[]> Cases { get; } = new()
    {
        { "no prompt", [], 2, ["No prompt was given", "--prompt", "--prompt-file"] },
        { "empty prompt", ["--prompt", ""], 2, ["prompt \"\" is not usable", "1 to 32,000 characters"] },
        { "blank prompt", ["--prompt", " \t "], 2, ["prompt \"\" is not usable"] },
        { "long prompt", ["--prompt", new string('x', 100_000)], 2, ["100000 characters", "at most 32000"] },
        { "control character", ["--prompt", "a\u0007b"], 2, ["U+0007 at character 2", "control characters"] },
        { "prompt twice", [.. Prompt, "--prompt-file", "x.txt"], 2, ["Both --prompt and --prompt-file"] },
        { "prompt file missing", ["--prompt-file", "x.txt"], 2, ["Prompt file x.txt cannot be read"] },
        { "width", [.. Prompt, "--width", "850"], 2, ["width 850", "multiple of 16", "848 or 864"] },
        { "width too large", [.. Prompt, "--width", "99999"], 2, ["width 99999", "Nearest: 1024"] },
        { "width far too large", [.. Prompt, "--width", "99999999999"], 2, ["width \"99999999999\"", "multiple of"] },
        { "height", [.. Prompt, "--height", "-16"], 2, ["height -16", "Nearest: 16"] },
        { "frames", [.. Prompt, "--frames", "80"], 2, ["frames 80", "4k+1", "77 or 81"] },
        { "zero steps", [.. Prompt, "--steps", "0"], 2, ["steps 0", "1 to 1000", "Nearest: 1"] },
        { "negative steps", [.. Prompt, "--steps", "-5"], 2, ["steps -5"] },
        { "fractional steps", [.. Prompt, "--steps", "2.5"], 2, ["steps \"2.5\"", "whole number from 1 to 1000"] },
        { "NaN guidance", [.. Prompt, "--guidance", "NaN"], 2, ["guidance NaN", "0 to 100"] },
        { "infinite guidance", [.. Prompt, "--guidance", "Infinity"], 2, ["guidance Infinity", "Nearest: 100"] },
        { "negative guidance", [.. Prompt, "--guidance", "-1"], 2, ["guidance -1", "Nearest: 0"] },
        { "flow shift", [.. Prompt, "--flow-shift", "0"], 2, ["flow-shift 0", "Nearest: 0.01"] },
        { "preset of a model without", [.. Prompt, "--preset", "large"], 2, ["preset \"large\" is not usable: the model has no presets"] },
        { "negative seed", [.. Prompt, "--seed", "-1"], 2, ["seed -1", "0 to 9007199254740991"] },
        { "seed beyond 2^53", [.. Prompt, "--seed", "9007199254740992"], 2, ["seed 9007199254740992", "Nearest: 9007199254740991"] },
        { "seed beyond 2^64", [.. Prompt, "--seed", "18446744073709551616"], 2, ["seed \"18446744073709551616\"", "0 to 9007199254740991"] },
        { "fps", [.. Prompt, "--fps", "0"], 2, ["fps 0", "1 to 120"] },
        { "fps of gif", [.. Prompt, "--fps", "60", "--format", "gif"], 2, ["fps", "at most 50"] },
        { "scheduler", [.. Prompt, "--scheduler", "ddim"], 2, ["scheduler \"ddim\"", "unipc, euler, dpm++"] },
        { "attention", [.. Prompt, "--attention", "sparse"], 2, ["attention \"sparse\"", "dense, xattention, window, oracle, random"] },
        { "random without density", [.. Prompt, "--attention", "random"], 2, ["density (not set)", "attention random", "--density 0.4"] },
        { "density of random", [.. Prompt, "--attention", "random", "--density", "1.5"], 2, ["density 1.5", "Nearest: 1."] },
        { "density of dense", [.. Prompt, "--attention", "dense", "--density", "0.4"], 2, ["density 0.4", "xattention or window or oracle or random"] },
        { "attention backend", [.. Prompt, "--attention-backend", "gpu"], 2, ["attention-backend \"gpu\"", "auto, sm90, sm80, cpu, sdpa, reference"] },
        { "threshold of dense", [.. Prompt, "--attention", "dense", "--threshold", "0.9"], 2, ["threshold 0.9", "attention dense has no such setting", "xattention or oracle"] },
        { "stride of window", [.. Prompt, "--attention", "window", "--stride", "8"], 2, ["stride 8", "attention window has no such setting"] },
        { "threshold zero", [.. Sparse, "--threshold", "0"], 2, ["threshold 0 ", "more than 0 and at most 1"] },
        { "threshold above one", [.. Sparse, "--threshold", "1.5"], 2, ["threshold 1.5", "Nearest: 1."] },
        { "threshold NaN", [.. Sparse, "--threshold", "NaN"], 2, ["threshold NaN", "more than 0 and at most 1"] },
        { "threshold no number", [.. Sparse, "--threshold", "high"], 2, ["threshold \"high\"", "or a .json file"] },
        { "threshold file missing", [.. Sparse, "--threshold", "none.json"], 2, ["threshold \"none.json\"", "cannot be read", "xvideo thresholds"] },
        { "threshold file damaged", [.. Sparse, "--threshold", "weights/default/model_index.json"], 2, ["threshold", "_class_name"] },
        { "threshold and density", [.. Sparse, "--threshold", "0.9", "--density", "0.5"], 2, ["density 0.5", "only one of them"] },
        { "density", [.. Sparse, "--density", "0"], 2, ["density 0 ", "more than 0"] },
        { "density no number", [.. Sparse, "--density", "half"], 2, ["density \"half\"", "more than 0"] },
        { "stride", [.. Sparse, "--stride", "12"], 2, ["stride 12", "divide the block of 128", "Nearest: 8 or 16"] },
        { "block size", [.. Sparse, "--block-size", "96"], 2, ["block-size 96", "64, 128"] },
        { "min blocks", [.. Sparse, "--min-blocks", "0"], 2, ["min-blocks 0", "from 1"] },
        { "max blocks below min", [.. Sparse, "--min-blocks", "4", "--max-blocks", "3"], 2, ["max-blocks 3", "from 4"] },
        { "warm-up longer than the steps", [.. Sparse, "--steps", "10", "--dense-warmup", "11"], 2, ["dense-warmup 11", "at most the 10 steps"] },
        { "warm-up above 100 %", [.. Sparse, "--dense-warmup", "110%"], 2, ["dense-warmup \"110%\"", "0% to 100%"] },
        { "warm-up no number", [.. Sparse, "--dense-warmup", "some"], 2, ["dense-warmup \"some\""] },
        { "first layers", [.. Sparse, "--dense-first-layers", "-1"], 2, ["dense-first-layers -1", "from 0"] },
        { "last layers", [.. Sparse, "--dense-last-layers", "2.5"], 2, ["dense-last-layers \"2.5\""] },
        { "mask refresh", [.. Sparse, "--mask-refresh", "0"], 2, ["mask-refresh 0", "from 1 to 1000"] },
        { "window", [.. Prompt, "--attention", "window", "--window", "1,2"], 2, ["window \"1,2\"", "latent frames, rows, columns"] },
        { "mask option of generate", [.. Prompt, "--head", "1"], 2, ["--head"] },
        { "device", [.. Prompt, "--device", "gpu"], 2, ["device \"gpu\"", "auto, cpu, cuda, cuda:N"] },
        { "dtype", [.. Prompt, "--dtype", "f64"], 2, ["dtype \"f64\"", "auto, f32, bf16"] },
        { "threads", [.. Prompt, "--threads", "0"], 2, ["threads \"0\"", "1 to 1024"] },
        { "format", [.. Prompt, "--format", "avi"], 2, ["format \"avi\"", "mp4, gif, webp, png"] },
        { "crf", [.. Prompt, "--crf", "52"], 2, ["crf \"52\"", "51"] },
        { "preview", [.. Prompt, "--preview", "0"], 2, ["preview 0", "Nearest: 1"] },
        { "unknown option", [.. Prompt, "--widht", "64"], 2, ["--widht", "Did you mean --width?"] },
        { "prompt without option", ["a red ball"], 2, ["\"a red ball\" was not expected", "--prompt"] },
        { "option without value", ["--prompt"], 2, ["--prompt"] },
        { "option twice", [.. Prompt, "--steps", "3", "--steps", "4"], 2, ["--steps"] },
        { "output folder missing", [.. Prompt, "--output", "missing/x.mp4"], 4, ["missing", "does not exist", "mkdir -p"] },
        { "output folder read-only", [.. Prompt, "--output", "/proc/x.mp4"], 4, ["/proc"] },
        { "output empty", [.. Prompt, "--output", ""], 2, ["Output path", "empty"] },
        { "output exists", [.. Prompt, "--output", "taken.mp4"], 2, ["taken.mp4", "exists already", "--force"] },
        { "output is a folder", [.. Prompt, "--output", "weights", "--format", "mp4"], 2, ["is a folder"] },
        { "report folder missing", [.. Prompt, "--report", "missing/r.json"], 4, ["missing", "does not exist"] },
        { "report is the output", [.. Prompt, "--output", "a.mp4", "--report", "a.mp4"], 2, ["Report \"a.mp4\" is also an output"] },
        { "report exists", [.. Prompt, "--report", "taken.mp4"], 2, ["Report \"taken.mp4\" exists already", "--force"] },
        { "unknown model", [.. Prompt, "--model", "wan-99b"], 3, ["wan-99b", "Models found: default"] },
        { "model folder without index", [.. Prompt, "--model", "./weights"], 3, ["model_index.json"] },
        { "configuration file missing", [.. Prompt, "--config", "none.json"], 2, ["none.json", "cannot be read"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Generate_BadInput_ExplainsItAndLeavesNothingBehind(string name, string[] arguments, int exitCode, string[] sentences)
    {
        using var folder = new TemporaryFolder();
        ModelStub.Write(folder);
        folder.File("taken.mp4", name);
        var before = Snapshot(folder);
        var run = CliRun.Start(folder.Path, ["generate", .. arguments]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.All(sentences, sentence => Assert.Contains(sentence, run.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
        Assert.Equal(before, Snapshot(folder));
    }

    [Fact]
    public void Generate_ManyProblems_ReportsAllOfThemAtOnce()
    {
        using var folder = new TemporaryFolder();
        ModelStub.Write(folder);
        var run = CliRun.Start(folder.Path, ["generate", "--prompt", "", "--width", "850", "--frames", "80", "--steps", "abc", "--guidance", "NaN", "--output", "missing/x.mp4", "--json"], ("XVIDEO_FPS", "fast"));
        Assert.Equal(2, run.ExitCode);
        var error = run.Json.GetProperty("error");
        Assert.Equal(2, error.GetProperty("exitCode").GetInt32());
        var problems = error.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!).ToArray();
        Assert.Equal(7, problems.Length);
        foreach (var start in (string[])["prompt", "width 850", "frames 80", "steps \"abc\"", "guidance NaN", "The folder", "fps \"fast\" (from XVIDEO_FPS)"])
            Assert.True(problems.Any(problem => problem.StartsWith(start, StringComparison.Ordinal)), $"no problem starts with {start}: {run.Output}");
    }

    [Fact]
    public void Generate_PromptFileWithBadLines_NamesTheLines()
    {
        using var folder = new TemporaryFolder();
        ModelStub.Write(folder);
        var file = folder.File("prompts.txt", "# comment\na red ball\n\nbad\u0001prompt\nalso\u0002bad\na ball --seed x\na ball --seed 9007199254740992\na ball --seed\n");
        var run = CliRun.Start(folder.Path, ["generate", "--prompt-file", file, "--steps", "0"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Line 4: prompt with U+0001", run.Error, StringComparison.Ordinal);
        Assert.Contains("Line 5: prompt with U+0002", run.Error, StringComparison.Ordinal);
        Assert.Contains("Line 6: seed \"x\" is not usable", run.Error, StringComparison.Ordinal);
        Assert.Contains("Line 7: seed 9007199254740992 is not usable", run.Error, StringComparison.Ordinal);
        Assert.Contains("Line 8: seed \"\" is not usable", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.Split("steps 0 is not usable").Length);
    }

    [Fact]
    public void Generate_ModelOfUnknownClass_NamesTheClassesItSupports()
    {
        using var folder = new TemporaryFolder();
        ModelStub.Write(folder, className: "StableDiffusionPipeline");
        var run = CliRun.Start(folder.Path, ["generate", .. Prompt]);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("StableDiffusionPipeline cannot be run. Supported: WanPipeline", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_ModelLackingParts_NamesAllOfThem()
    {
        using var folder = new TemporaryFolder();
        ModelStub.Write(folder);
        Directory.Delete(Path.Combine(folder.Path, "weights/default/vae"), recursive: true);
        Directory.Delete(Path.Combine(folder.Path, "weights/default/tokenizer"), recursive: true);
        var run = CliRun.Start(folder.Path, ["generate", .. Prompt]);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("The folder vae is missing", run.Error, StringComparison.Ordinal);
        Assert.Contains("The folder tokenizer is missing", run.Error, StringComparison.Ordinal);
    }

    private static string[] Snapshot(TemporaryFolder folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Select(path => Directory.Exists(path) ? path : $"{path} {File.ReadAllText(path)}").Order(StringComparer.Ordinal)];
}
