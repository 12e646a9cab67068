using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using XVideo.Torch;
using XVideo.Torch.Safetensors;

namespace XVideo.RandomModel;

/// <summary>The command line.</summary>
/// <remarks>Exit codes as those of xvideo: 0 done, 2 wrong options, 3 files, 4 disk or libtorch, 130 cancelled, 1 unexpected.</remarks>
internal static class RandomModelCommand
{
    private static readonly string PresetNames = string.Join(", ", ModelSizes.Presets.Keys);

    private static readonly Argument<string> Preset = new("preset") { Description = $"Sizes to start from: {PresetNames}" };
    private static readonly Option<string> Out = new("--out") { Description = "Model folder to write; must not exist yet, or be empty", Required = true };
    private static readonly Option<int?> Layers = Number("--layers", "Transformer blocks");
    private static readonly Option<int?> Heads = Number("--heads", "Attention heads of the transformer");
    private static readonly Option<int?> HeadDim = Number("--head-dim", "Width of a head of the transformer, even");
    private static readonly Option<int?> FeedForward = Number("--ffn", "Hidden width of the transformer's feed-forward networks");
    private static readonly Option<int?> TextLayers = Number("--text-layers", "Text encoder blocks");
    private static readonly Option<int?> TextWidth = Number("--text-width", "Width of the text encoder and of what the transformer reads");
    private static readonly Option<int?> TextHeads = Number("--text-heads", "Heads of the text encoder");
    private static readonly Option<int?> TextFeedForward = Number("--text-ffn", "Hidden width of the text encoder's feed-forward networks");
    private static readonly Option<int?> Vocabulary = Number("--vocabulary", "Rows of the text encoder's embedding");
    private static readonly Option<int?> VaeBase = Number("--vae-base", "Channels of the autoencoder at full resolution");
    private static readonly Option<string> DType = new("--dtype") { Description = "Type of the weights: bf16 or f32", DefaultValueFactory = _ => "bf16" };
    private static readonly Option<string> ShardSize = new("--shard-size") { Description = "Most data of one weight file, such as 2GB or 500MB", DefaultValueFactory = _ => "2GB" };
    private static readonly Option<long> Seed = new("--seed") { Description = "Decides all values", DefaultValueFactory = _ => 0 };
    private static readonly Option<string> Parts = new("--parts") { Description = $"Which parts to write: {string.Join(",", ModelParts.Names)}", DefaultValueFactory = _ => string.Join(',', ModelParts.Names) };
    private static readonly Option<string?> TokenizerFrom = new("--tokenizer-from") { Description = "Model or tokenizer folder whose tokenizer to copy; default: a small one of its own" };

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var command = new RootCommand("Writes a model folder of any size with random weights, for benchmarks of loading and speed.")
        {
            Preset, Out, Layers, Heads, HeadDim, FeedForward, TextLayers, TextWidth, TextHeads, TextFeedForward, Vocabulary, VaeBase,
            DType, ShardSize, Seed, Parts, TokenizerFrom,
        };
        command.SetAction(parsed => Write(parsed, output, error));
        var parsed = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.Errors.Count > 0 && parsed.CommandResult.Command == command && !arguments.Any(argument => argument is "--help" or "-h" or "-?" or "--version"))
                throw new InvalidOptionsException([.. parsed.Errors.Select(problem => problem.Message)]);
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Stopped; nothing was left behind.");
            return 130;
        }
        catch (Exception failure) when (ExitCode(failure) is { } code)
        {
            error.WriteLine(failure.Message);
            return code;
        }
    }

    private static int? ExitCode(Exception failure) => failure switch
    {
        InvalidOptionsException => 2,
        ModelFileException or IOException or UnauthorizedAccessException => 3,
        NotEnoughSpaceException or LibtorchException => 4,
        _ => null,
    };

    private static int Write(ParseResult parsed, TextWriter output, TextWriter error)
    {
        var options = Read(parsed);
        using var interruption = new Interruption();
        var clock = Stopwatch.StartNew();
        var isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        var bytes = RandomModelWriter.Write(options, error, isTerminal, interruption.Token);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{options.OutputFolder}: {bytes / (double)options.DType.SizeInBytes() / 1e6:0.0} million parameters, {bytes / 1e9:0.00} GB, {clock.Elapsed.TotalSeconds:0.0} s"));
        return 0;
    }

    private static RandomModelOptions Read(ParseResult parsed)
    {
        List<string> problems = [];
        var sizes = ModelSizes.Presets.GetValueOrDefault(parsed.GetValue(Preset)!);
        if (sizes is null) problems.Add($"There is no preset \"{parsed.GetValue(Preset)}\". Presets: {PresetNames}.");
        foreach (var option in (Option<int?>[])[Layers, Heads, HeadDim, FeedForward, TextLayers, TextWidth, TextHeads, TextFeedForward, Vocabulary, VaeBase])
            if (parsed.GetValue(option) is { } value and (< 1 or > 1_000_000)) problems.Add($"{option.Name} is {value}; it must be from 1 to 1,000,000.");
        SafetensorsDType? dtype = parsed.GetValue(DType) switch { "bf16" => SafetensorsDType.BF16, "f32" => SafetensorsDType.F32, _ => null };
        if (dtype is null) problems.Add($"--dtype is \"{parsed.GetValue(DType)}\"; it must be bf16 or f32.");
        var shardSize = RandomModelOptions.ParseSize(parsed.GetValue(ShardSize)!);
        if (shardSize is null) problems.Add($"--shard-size is \"{parsed.GetValue(ShardSize)}\"; it must be a size such as 2GB or 500MB.");
        var parts = parsed.GetValue(Parts)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        foreach (var part in parts.Except(ModelParts.Names)) problems.Add($"--parts has \"{part}\"; parts are {string.Join(", ", ModelParts.Names)}.");
        if (parts.Length == 0) problems.Add($"--parts is empty; parts are {string.Join(", ", ModelParts.Names)}.");
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(Out)!));
        if (File.Exists(folder)) problems.Add($"--out {folder} is a file. Name a folder that does not exist yet.");
        if (Path.GetDirectoryName(folder) is null) problems.Add($"--out {folder} is the root of a file system. Name a folder that does not exist yet.");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            problems.Add($"--out {folder} exists and is not empty. Remove it, or name a folder that does not exist yet.");
        var tokenizer = TokenizerFolder(parsed.GetValue(TokenizerFrom), problems);
        return problems.Count == 0
            ? new RandomModelOptions(Change(sizes!, parsed), folder, dtype!.Value, shardSize!.Value, parsed.GetValue(Seed), parts, tokenizer)
            : throw new InvalidOptionsException(problems);
    }

    private static string? TokenizerFolder(string? from, List<string> problems)
    {
        if (from is null) return null;
        string[] places = [Path.Combine(from, "tokenizer"), from];
        if (places.FirstOrDefault(Directory.Exists) is { } found) return found;
        problems.Add($"--tokenizer-from {from}: there is no such folder. Name a model folder or a tokenizer folder.");
        return null;
    }

    private static ModelSizes Change(ModelSizes sizes, ParseResult parsed)
    {
        int Chosen(Option<int?> option, int preset) => parsed.GetValue(option) ?? preset;
        var transformer = sizes.Transformer;
        var text = sizes.TextEncoder;
        var vaeBase = parsed.GetValue(VaeBase);
        return new ModelSizes(
            transformer with
            {
                LayerCount = Chosen(Layers, transformer.LayerCount), HeadCount = Chosen(Heads, transformer.HeadCount), HeadDim = Chosen(HeadDim, transformer.HeadDim),
                FeedForwardDim = Chosen(FeedForward, transformer.FeedForwardDim), TextDim = Chosen(TextWidth, transformer.TextDim),
            },
            text with
            {
                LayerCount = Chosen(TextLayers, text.LayerCount), Width = Chosen(TextWidth, text.Width), HeadCount = Chosen(TextHeads, text.HeadCount),
                FeedForwardDim = Chosen(TextFeedForward, text.FeedForwardDim), VocabularySize = Chosen(Vocabulary, text.VocabularySize),
            },
            sizes.Vae with { BaseDim = vaeBase ?? sizes.Vae.BaseDim, DecoderBaseDim = vaeBase ?? sizes.Vae.DecoderBaseDim });
    }

    private static Option<int?> Number(string name, string description) => new(name) { Description = $"{description}; default: that of the preset" };
}
