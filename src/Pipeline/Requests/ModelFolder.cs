using System.Text.Json;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Requests;

/// <summary>A model folder in the diffusers layout, looked at from outside: its configs are read, its weights are not.</summary>
/// <remarks>Cheap (a few small files), so a request can be checked before the model is loaded.</remarks>
public sealed class ModelFolder
{
    /// <summary>The file that makes a folder a model.</summary>
    public const string IndexFile = "model_index.json";

    private const string WanPipelineClass = "WanPipeline";
    private static readonly string[] WanParts = ["scheduler", "text_encoder", "tokenizer", "transformer", "vae"];

    private ModelFolder(string path, string className, ModelDefaults defaults, ModelLimits limits) =>
        (Path, ClassName, Defaults, Limits) = (path, className, defaults, limits);

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>The folder's own name.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The pipeline class of its index.</summary>
    public string ClassName { get; }

    /// <summary>What a request may leave open.</summary>
    public ModelDefaults Defaults { get; }

    /// <summary>What sizes are possible.</summary>
    public ModelLimits Limits { get; }

    /// <summary>Pipeline classes that can be run.</summary>
    public static IReadOnlyList<string> SupportedClasses { get; } = [WanPipelineClass];

    /// <summary>Reads the configs of a folder.</summary>
    /// <exception cref="ModelFileException">No model folder, an unknown class, or missing parts: all problems at once.</exception>
    public static ModelFolder Open(string folder)
    {
        var path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        if (!Directory.Exists(path)) throw new ModelFileException(path, "There is no such folder. Name a model folder in the diffusers layout.");
        var index = System.IO.Path.Combine(path, IndexFile);
        if (!File.Exists(index)) throw new ModelFileException(path, $"The folder has no {IndexFile}, so it is not a model in the diffusers layout.");
        var className = ReadClassName(index);
        var missing = WanParts.Where(part => !Directory.Exists(System.IO.Path.Combine(path, part)))
            .Select(part => $"The folder {part} is missing; {className} needs {string.Join(", ", WanParts)}. Fetch the model again, or copy the part from another copy of it.").ToArray();
        if (missing.Length > 0) throw new ModelFileException(path, missing);
        return new ModelFolder(path, className, ReadDefaults(path), ReadLimits(path));
    }

    /// <summary>Name, class and hash; reads the files once more, see <see cref="ModelHash"/>.</summary>
    /// <exception cref="ModelFileException">A file cannot be read.</exception>
    public ModelDescription Describe() => new(Name, Path, ClassName, ModelHash.Compute(Path));

    private static string ReadClassName(string index)
    {
        var json = ReadObject(index);
        if (!json.TryGetProperty("_class_name", out var value) || value.ValueKind != JsonValueKind.String)
            throw new ModelFileException(index, "There is no \"_class_name\" in it, so the kind of model is unknown.");
        var className = value.GetString()!;
        return SupportedClasses.Contains(className)
            ? className
            : throw new ModelFileException(index, $"Models of class {className} cannot be run. Supported: {string.Join(", ", SupportedClasses)} (Wan 2.1 text to video).");
    }

    // The scheduler folder says how the model was meant to be sampled; generation_config.json overrides it.
    private static ModelDefaults ReadDefaults(string path)
    {
        var preset = ModelDefaults.Wan;
        var configPath = System.IO.Path.Combine(path, "scheduler", "scheduler_config.json");
        if (!File.Exists(configPath)) throw new ModelFileException(configPath, "The file is missing; it says which scheduler the model was made for.");
        var config = ReadObject(configPath);
        var scheduler = (config.TryGetProperty("_class_name", out var name) ? name.ToString() : "") switch
        {
            "FlowMatchEulerDiscreteScheduler" => "euler",
            "DPMSolverMultistepScheduler" => "dpm++",
            _ => "unipc",
        };
        preset = preset with
        {
            Scheduler = scheduler,
            FlowShift = Number(config, "flow_shift") ?? Number(config, "shift") ?? preset.FlowShift,
        };
        return GenerationConfig.Read(path).Over(preset);
    }

    private static ModelLimits ReadLimits(string path)
    {
        var transformer = ReadPart(path, "transformer");
        var vae = ReadPart(path, "vae");
        var patch = Array(transformer, "patch_size") is [_, var height, _] ? height.GetInt32() : 2;
        // Source: diffusers' Wan pipeline. One entry for each halving of the picture; true where time is halved too. The misspelling is the file format.
        var halvings = Array(vae, "temperal_downsample") ?? [];
        var (spatial, temporal) = halvings.Count == 0
            ? (8, ModelLimits.Wan.TemporalFactor)
            : (1 << halvings.Count, 1 << halvings.Count(halving => halving.ValueKind == JsonValueKind.True));
        var positions = (int)(Number(transformer, "rope_max_seq_len") ?? ModelLimits.Wan.MaxPositions);
        return new ModelLimits(spatial * patch, temporal, positions, ModelLimits.DefaultMaxTokens)
        {
            LayerCount = (int?)Number(transformer, "num_layers"),
            HeadCount = (int?)Number(transformer, "num_attention_heads"),
        };
    }

    private static JsonElement ReadPart(string path, string part)
    {
        var config = System.IO.Path.Combine(path, part, "config.json");
        return File.Exists(config) ? ReadObject(config) : throw new ModelFileException(config, "The file is missing; it says how this part of the model is built.");
    }

    private static JsonElement ReadObject(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ModelFileException(path, $"The file must hold a JSON object; it holds {document.RootElement.ValueKind.ToString().ToLowerInvariant()}.");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"The file cannot be read as JSON: {error.Message}", error);
        }
    }

    private static double? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static IReadOnlyList<JsonElement>? Array(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : null;
}
