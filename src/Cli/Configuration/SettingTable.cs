using System.Globalization;
using XVideo.Cli.Serve;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Configuration;

/// <summary>Every setting there is. Parsing, help, <c>xvideo config</c> and docs/configuration.md are all made from this table.</summary>
internal static class SettingTable
{
    private const string ModelsOwn = "the model's own";

    public static readonly Setting Prompt = new("Prompt", SettingKind.Text, "none", "1 to 32,000 characters", "What the video shows") { IsPerRun = true };

    public static readonly Setting PromptFile = new("PromptFile", SettingKind.Text, "none", "a text file",
        "One prompt a line, with a seed of its own if the line ends in --seed N; empty lines and lines starting with # are skipped; the outputs are numbered") { IsPerRun = true };

    public static readonly Setting Output = new("Output", SettingKind.Text, "made from the prompt", "a path whose folder exists",
        "File to write, or a folder for png") { IsPerRun = true };

    public static readonly Setting Force = new("Force", SettingKind.Switch, "false", "true or false", "Replace outputs that exist") { IsPerRun = true };

    public static readonly Setting Report = new("Report", SettingKind.Text, "none", "a path whose folder exists",
        "JSON file to write with stage times, seed, settings, model hash and attention report") { IsPerRun = true };

    public static readonly Setting Json = new("Json", SettingKind.Switch, "false", "true or false",
        "Print one JSON object on standard output and nothing else") { IsPerRun = true, IsCommon = true };

    public static readonly Setting Config = new("Config", SettingKind.Text, "./appsettings.json if there is one", "a JSON file with a section \"XVideo\"",
        "Configuration file to read instead of ./appsettings.json") { IsPerRun = true, IsCommon = true };

    public static readonly Setting Preset = new("Preset", SettingKind.Text, "none", "a preset of the model (xvideo prompts lists them)",
        "Take what is not set otherwise from a preset of the model, for example a larger size with the steps that suit it");

    public static readonly Setting NegativePrompt = new("NegativePrompt", SettingKind.Text, ModelsOwn, "up to 32,000 characters", "What the video must not show");

    public static readonly Setting Width = new("Width", SettingKind.Integer, ModelsOwn, "a multiple of what the model needs (16 for Wan 2.1)", "Width in pixels");

    public static readonly Setting Height = new("Height", SettingKind.Integer, ModelsOwn, "a multiple of what the model needs (16 for Wan 2.1)", "Height in pixels");

    public static readonly Setting Frames = new("Frames", SettingKind.Integer, ModelsOwn, "4k+1 for Wan 2.1: 1, 5, 9, …", "Number of frames");

    public static readonly Setting Fps = new("Fps", SettingKind.Number, ModelsOwn,
        $"a number from {Show(RequestRules.MinimumFrameRate)} to {Show(RequestRules.MaximumFrameRate)} (gif: 50)", "Frames per second");

    public static readonly Setting Steps = new("Steps", SettingKind.Integer, ModelsOwn, $"a whole number from 1 to {RequestRules.MaximumSteps}", "Denoising steps");

    public static readonly Setting Guidance = new("Guidance", SettingKind.Number, ModelsOwn, $"a number from 0 to {Show(RequestRules.MaximumGuidanceScale)}",
        "How strictly the prompt is followed; at most 1 means no guidance and half the work");

    public static readonly Setting FlowShift = new("FlowShift", SettingKind.Number, ModelsOwn,
        $"a number from {Show(RequestRules.MinimumFlowShift)} to {Show(RequestRules.MaximumFlowShift)}", "Shift of the noise schedule; larger spends more steps on coarse structure");

    public static readonly Setting Scheduler = new("Scheduler", SettingKind.Text, ModelsOwn, $"one of {string.Join(", ", RequestRules.Schedulers)}", "Solver of the denoising steps");

    public static readonly Setting Seed = new("Seed", SettingKind.Long, "random, and reported", $"a whole number from 0 to {RequestRules.MaximumSeed}",
        "Decides all randomness: the same request and seed give the same frames");

    public static readonly Setting Format = new("Format", SettingKind.Text, "from the extension of the output, else mp4", "one of mp4, gif, webp, png (a folder of frames)", "Kind of output")
    {
        IsLegal = static value => value is "mp4" or "gif" or "webp" or "png",
    };

    public static readonly Setting Crf = new("Crf", SettingKind.Integer, "18", "a whole number from 0 (lossless) to 51", "H.264 quality of mp4 outputs, lower is better")
    {
        IsLegal = static value => Whole(value) is >= 0 and <= 51,
    };

    public static readonly Setting Preview = new("Preview", SettingKind.Integer, "none", $"a whole number from 1 to {RequestRules.MaximumSteps}",
        "Write a small picture every so many steps, into a folder beside the output");

    public static readonly Setting Model = new("Model", SettingKind.Text, "default", "a model folder, or the name of one under a weights folder", "Model to use") { IsCommon = true };

    public static readonly Setting Models = new("Models", SettingKind.Text, "weights, here or above, and with the program", "folders separated by ':'", "Where models are looked for first") { IsCommon = true };

    public static readonly Setting Device = new("Device", SettingKind.Text, PipelineOptions.Automatic, "one of auto, cpu, cuda, cuda:N", "What to compute on; auto takes a GPU if libtorch has one")
    {
        IsLegal = PipelineOptions.IsDevice,
    };

    public static readonly Setting Dtype = new("Dtype", SettingKind.Text, PipelineOptions.Automatic, $"one of {string.Join(", ", PipelineOptions.DTypes)}", "Number type of the networks; auto takes bf16 where it is fast")
    {
        IsLegal = PipelineOptions.DTypes.Contains,
    };

    public static readonly Setting Threads = new("Threads", SettingKind.Integer, "all processors of this process", "a whole number from 1 to 1024", "CPU threads")
    {
        IsLegal = static value => Whole(value) is >= 1 and <= 1024,
    };

    public static readonly Setting VaeTile = new("VaeTile", SettingKind.Integer, "none: whole frames", $"a whole number of latent pixels (8 pixels each for Wan 2.1) from {PipelineOptions.MinimumVaeTile}",
        "Decode in overlapping tiles of this side, to need less memory for large frames")
    {
        IsLegal = static value => Whole(value) is >= PipelineOptions.MinimumVaeTile and <= 4096,
    };

    public static readonly Setting Libtorch = new("Libtorch", SettingKind.Text, "searched: Python's torch, then the system's", "a folder with lib/libtorch_cpu.so and include/ATen",
        "libtorch to use: a libtorch folder, or the torch folder of a Python environment") { IsCommon = true };

    public static readonly Setting Ffmpeg = new("Ffmpeg", SettingKind.Text, "searched on PATH", "the program or its folder, version 4.2 or newer", "ffmpeg to use") { IsCommon = true };

    public static readonly Setting Cache = new("Cache", SettingKind.Text, "$XDG_CACHE_HOME/xvideo or ~/.cache/xvideo", "a writable folder", "Where compiled native code and kernels are kept") { IsCommon = true };

    public static readonly Setting AssertNoCompile = new("AssertNoCompile", SettingKind.Switch, "false", "true or false",
        "Fail rather than compile a GPU kernel: for images whose cache was filled by xvideo kernels build");

    public static readonly Setting ValidateBlocks = new("ValidateBlocks", SettingKind.Switch, "false", "true or false",
        "Check every list of blocks on the GPU before it is used; slow, for finding mistakes");

    public static readonly Setting Quiet = new("Quiet", SettingKind.Switch, "false", "true or false", "Print only the result and errors") { IsCommon = true };

    public static readonly Setting Verbose = new("Verbose", SettingKind.Switch, "false", "true or false", "Print the settings in force, and the stack of an unexpected failure") { IsCommon = true };

    /// <summary>All of them, in the order of the help text and of the documentation.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Prompt, PromptFile, Output, Force, Report, Json, Config, .. MaskSettings.All, .. ThresholdSettings.All, .. SheetSettings.All, .. ComparisonSettings.All, .. EvaluationSettings.All, .. MetricSettings.All, .. ServeSettings.All,
        Preset, NegativePrompt, Width, Height, Frames, Fps, Steps, Guidance, FlowShift, Scheduler, Seed, .. AttentionSettings.All,
        Format, Crf, Preview, Model, Models, Device, Dtype, Threads, VaeTile, Libtorch, Ffmpeg, Cache, AssertNoCompile, ValidateBlocks, Quiet, Verbose,
    ];

    private static int? Whole(string value) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}
