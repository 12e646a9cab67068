using System.Text.Json;
using System.Text.RegularExpressions;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Schedulers;

/// <summary>Reads diffusers' <c>scheduler_config.json</c>: every option is understood, known to be without effect here, or refused.</summary>
internal sealed partial class SchedulerConfigReader
{
    private const string UniPCName = "UniPCMultistepScheduler";
    private const string EulerName = "FlowMatchEulerDiscreteScheduler";
    private const string DpmSolverName = "DPMSolverMultistepScheduler";

    // Options that change nothing for flow sigmas that end in zero, whatever their value.
    private static readonly string[] WithoutEffect =
    [
        "beta_start", "beta_end", "beta_schedule", "trained_betas", "timestep_spacing", "steps_offset", "dynamic_thresholding_ratio",
        "sample_max_value", "lambda_min_clipped", "variance_type", "euler_at_final", "base_shift", "max_shift", "base_image_seq_len",
        "max_image_seq_len", "time_shift_type",
    ];

    // Options that change the result, and the only value that is supported. A missing one has diffusers' default, which is this value
    // but for the last three.
    private static readonly Dictionary<string, string> OnlyValue = new(StringComparer.Ordinal)
    {
        ["thresholding"] = "false", ["use_karras_sigmas"] = "false", ["use_exponential_sigmas"] = "false", ["use_beta_sigmas"] = "false",
        ["use_lu_lambdas"] = "false", ["use_dynamic_shifting"] = "false", ["rescale_betas_zero_snr"] = "false", ["invert_sigmas"] = "false",
        ["stochastic_sampling"] = "false", ["solver_p"] = "null", ["sigma_min"] = "null", ["sigma_max"] = "null", ["shift_terminal"] = "null",
        ["predict_x0"] = "true", ["final_sigmas_type"] = "\"zero\"", ["algorithm_type"] = "\"dpmsolver++\"",
        ["prediction_type"] = "\"flow_prediction\"", ["use_flow_sigmas"] = "true",
    };

    private readonly Dictionary<string, JsonElement> _options;
    private readonly List<string> _problems = [];

    private SchedulerConfigReader(JsonElement root) =>
        _options = root.EnumerateObject().Where(option => option.Name[0] != '_').ToDictionary(option => option.Name, option => option.Value, StringComparer.Ordinal);

    public static SchedulerConfig Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"The scheduler's config cannot be read: {e.Message} Download the model again.", e);
        }
    }

    public static SchedulerConfig Parse(string json, string source)
    {
        try
        {
            // Python writes infinities without quotes, which JSON does not have.
            var text = StringOrBareNumber().Replace(json, match => match.Value[0] == '"' ? match.Value : $"\"{match.Value}\"");
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("the top level is not an object");
            var className = document.RootElement.TryGetProperty("_class_name", out var name) ? name.ToString() : "no _class_name";
            var reader = new SchedulerConfigReader(document.RootElement);
            var config = reader.Read(className);
            return reader._problems.Count == 0 ? config : throw new ModelFileException(source, reader._problems);
        }
        catch (JsonException e)
        {
            throw new ModelFileException(source, $"The scheduler's config is not valid JSON: {e.Message} Download the model again.", e);
        }
    }

    private SchedulerConfig Read(string className)
    {
        SchedulerConfig config = className switch
        {
            UniPCName => ReadUniPC(),
            DpmSolverName => ReadDpmSolver(),
            EulerName => new SchedulerConfig { Kind = SchedulerKind.Euler, FlowShift = Number("shift", 1) },
            _ => Refuse(className),
        };
        if (_problems.Count > 0) return config;

        config = config with { TrainTimesteps = Whole("num_train_timesteps", 1000) };
        if (config.TrainTimesteps is < 2 or > 1_000_000) _problems.Add($"num_train_timesteps {config.TrainTimesteps} is not possible: allowed are 2 to 1000000.");
        if (!(config.FlowShift > 0 && config.FlowShift <= SchedulerConfig.MaxFlowShift))
            _problems.Add($"The flow shift {config.FlowShift} is not possible: allowed is over 0, to {SchedulerConfig.MaxFlowShift}.");
        if (config.Conflict() is { } conflict) _problems.Add(conflict);
        foreach (var (name, value) in _options) RefuseUnlessHarmless(name, value);
        return config;
    }

    private SchedulerConfig ReadUniPC()
    {
        RequireFlow();
        return new SchedulerConfig
        {
            Kind = SchedulerKind.UniPC,
            FlowShift = Number("flow_shift", 1),
            SolverOrder = Whole("solver_order", 2),
            SolverType = Solver(SolverType.Bh2),
            LowerOrderFinal = Take("lower_order_final") is not { ValueKind: JsonValueKind.False },
            DisabledCorrectorSteps = WholeList("disable_corrector"),
        };
    }

    private SchedulerConfig ReadDpmSolver()
    {
        RequireFlow();
        Take("lower_order_final");
        return new SchedulerConfig
        {
            Kind = SchedulerKind.DpmSolver,
            FlowShift = Number("flow_shift", 1),
            SolverOrder = Whole("solver_order", 2),
            SolverType = Solver(SolverType.Midpoint),
        };
    }

    private SchedulerConfig Refuse(string className)
    {
        _problems.Add($"Scheduler {className} is not supported. Supported are {UniPCName}, {EulerName} and {DpmSolverName}.");
        return new SchedulerConfig();
    }

    // Both classes default to the noise-prediction models that these two options replace.
    private void RequireFlow()
    {
        foreach (var name in new[] { "prediction_type", "use_flow_sigmas" })
            if (!_options.ContainsKey(name)) _problems.Add($"{name} is missing: only flow models are supported, with {name} {OnlyValue[name]}.");
    }

    private void RefuseUnlessHarmless(string name, JsonElement value)
    {
        if (WithoutEffect.Contains(name)) return;
        if (OnlyValue.TryGetValue(name, out var supported))
        {
            var got = value.ValueKind == JsonValueKind.String ? $"\"{value.GetString()}\"" : value.GetRawText();
            if (got != supported) _problems.Add($"{name} {got} is not supported: the only supported value is {supported}.");
        }
        else if (value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
        {
            _problems.Add($"{name} {value.GetRawText()} is not a known option. Remove it, or use a scheduler of {UniPCName}, {EulerName} and {DpmSolverName} without it.");
        }
    }

    private JsonElement? Take(string name) => _options.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private double Number(string name, double fallback)
    {
        if (Take(name) is not { } value) return fallback;
        if (value.ValueKind == JsonValueKind.Number) return value.GetDouble();
        _problems.Add($"{name} is {value.GetRawText()}: a number is needed.");
        return fallback;
    }

    private int Whole(string name, int fallback)
    {
        if (Take(name) is not { } value) return fallback;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)) return number;
        _problems.Add($"{name} is {value.GetRawText()}: a whole number is needed.");
        return fallback;
    }

    private int[] WholeList(string name)
    {
        if (Take(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out _)))
            return [.. value.EnumerateArray().Select(item => item.GetInt32())];
        _problems.Add($"{name} is {value.GetRawText()}: a list of step numbers is needed.");
        return [];
    }

    private SolverType Solver(SolverType fallback)
    {
        if (Take("solver_type") is not { } value) return fallback;
        foreach (var type in Enum.GetValues<SolverType>())
            if (value.ToString() == type.ToString().ToLowerInvariant()) return type;
        _problems.Add($"solver_type {value.GetRawText()} is not known: allowed are bh1, bh2, midpoint and heun.");
        return fallback;
    }

    [GeneratedRegex("""
        "(?:\\.|[^"\\])*"|-?\bInfinity\b|\bNaN\b
        """)]
    private static partial Regex StringOrBareNumber();
}
