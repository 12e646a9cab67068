using System.Text.Json;
using System.Text.Json.Serialization;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Requests;

/// <summary>
/// The optional <c>generation_config.json</c> of a model folder: this project's own file, with PyTorch-style names like its neighbours.
/// Whatever it leaves out comes from the preset of the model's family.
/// </summary>
internal sealed class GenerationConfig
{
    public const string FileName = "generation_config.json";

    public int? Width { get; set; }

    public int? Height { get; set; }

    public int? NumFrames { get; set; }

    public double? Fps { get; set; }

    public int? NumInferenceSteps { get; set; }

    public double? GuidanceScale { get; set; }

    public double? FlowShift { get; set; }

    public string? Scheduler { get; set; }

    public string? NegativePrompt { get; set; }

    public int? MaxSequenceLength { get; set; }

    public AttentionRequest? Attention { get; set; }

    public Dictionary<string, IReadOnlyList<string>>? Families { get; set; }

    /// <summary>Other sets of these values by name; whatever a set leaves out is as here.</summary>
    public Dictionary<string, GenerationConfig>? Presets { get; set; }

    /// <summary>Reads the file, or returns an empty config where there is none.</summary>
    /// <exception cref="ModelFileException">Not JSON, or a name or type that does not belong there.</exception>
    public static GenerationConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return new GenerationConfig();
        try
        {
            var config = JsonSerializer.Deserialize(File.ReadAllText(path), GenerationConfigJson.Default.GenerationConfig) ?? new GenerationConfig();
            config.FindThresholds(folder);
            foreach (var (name, preset) in config.Presets ?? [])
            {
                if (preset is null || preset.Families is not null || preset.Presets is not null || string.IsNullOrWhiteSpace(name))
                    throw new JsonException($"preset \"{name}\" must have a name, and hold an object without families or presets of its own.");
                preset.FindThresholds(folder);
            }
            return config;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"The file is not usable: {error.Message} Allowed are width, height, num_frames, fps, num_inference_steps, " +
                "guidance_scale, flow_shift, scheduler, negative_prompt, max_sequence_length, attention, families and presets. Correct it, or delete it to use the family's defaults.", error);
        }
    }

    /// <summary>These values, and where there are none those of <paramref name="preset"/>; with the presets, completed from these.</summary>
    public ModelDefaults Over(ModelDefaults preset)
    {
        var defaults = Values(preset);
        return Presets is null ? defaults : defaults with { Presets = Presets.ToDictionary(entry => entry.Key, entry => entry.Value.Values(defaults)) };
    }

    private ModelDefaults Values(ModelDefaults preset) => preset with
    {
        Width = Width ?? preset.Width,
        Height = Height ?? preset.Height,
        FrameCount = NumFrames ?? preset.FrameCount,
        FrameRate = Fps ?? preset.FrameRate,
        Steps = NumInferenceSteps ?? preset.Steps,
        GuidanceScale = GuidanceScale ?? preset.GuidanceScale,
        FlowShift = FlowShift ?? preset.FlowShift,
        Scheduler = Scheduler ?? preset.Scheduler,
        NegativePrompt = NegativePrompt ?? preset.NegativePrompt,
        MaxSequenceLength = MaxSequenceLength ?? preset.MaxSequenceLength,
        Attention = Attention ?? preset.Attention,
        Families = Families ?? preset.Families,
    };

    // A file of thresholds lies with the model.
    private void FindThresholds(string folder)
    {
        if (Attention?.Threshold is { } threshold && threshold.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            Attention = Attention with { Threshold = Path.Combine(folder, threshold) };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(GenerationConfig))]
internal sealed partial class GenerationConfigJson : JsonSerializerContext;
