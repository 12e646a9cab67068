using System.Globalization;
using System.Security.Cryptography;

namespace XVideo.Pipeline.Requests;

/// <summary>Fills the gaps of a request and checks it, without touching a model or a device.</summary>
/// <remarks>Nothing is ever rounded: a value that cannot be used exactly is a problem that names the nearest legal ones.</remarks>
public sealed class RequestValidator
{
    private readonly List<RequestProblem> _problems = [];
    private readonly ModelLimits _limits;

    private RequestValidator(ModelLimits limits) => _limits = limits;

    /// <summary>Returns the complete request.</summary>
    /// <param name="request">What the user said.</param>
    /// <param name="defaults">What the model's makers recommend; checked like everything else.</param>
    /// <param name="limits">What the model can compute.</param>
    /// <exception cref="RequestValidationException">At least one value is not usable; lists all of them.</exception>
    public static ResolvedRequest Resolve(VideoRequest request, ModelDefaults defaults, ModelLimits limits)
    {
        ArgumentNullException.ThrowIfNull(request);
        string[] presets = [.. defaults.Presets.Keys];
        defaults = defaults.Under(request.Preset);
        var steps = request.Steps ?? defaults.Steps;
        var attention = AttentionResolver.Resolve(request.Attention, defaults.Attention, steps, limits);
        var resolved = new ResolvedRequest(
            request.Prompt ?? "",
            request.NegativePrompt ?? defaults.NegativePrompt,
            request.Width ?? defaults.Width,
            request.Height ?? defaults.Height,
            request.FrameCount ?? defaults.FrameCount,
            request.FrameRate ?? defaults.FrameRate,
            steps,
            request.GuidanceScale ?? defaults.GuidanceScale,
            request.FlowShift ?? defaults.FlowShift,
            request.Scheduler ?? defaults.Scheduler,
            request.Seed ?? RandomNumberGenerator.GetInt32(RequestRules.RandomSeedLimit),
            attention.Options,
            request.PreviewEverySteps) { Preset = request.Preset };
        return new RequestValidator(limits).Check(resolved, presets, attention.Problems);
    }

    private ResolvedRequest Check(ResolvedRequest request, IReadOnlyList<string> presets, IReadOnlyList<RequestProblem> attentionProblems)
    {
        CheckText("prompt", request.Prompt);
        if (string.IsNullOrWhiteSpace(request.Prompt))
            Add("prompt", "\"\"", "it must have 1 to 32,000 characters and say what the video shows", [], "Pass for example --prompt \"a red ball bounces\".");
        if (request.Preset is { } preset) CheckPreset(preset, presets);
        CheckText("negative-prompt", request.NegativePrompt);
        CheckSide("width", request.Width);
        CheckSide("height", request.Height);
        CheckFrameCount(request.FrameCount);
        CheckTokens(request);
        CheckNumber("fps", request.FrameRate, RequestRules.MinimumFrameRate, RequestRules.MaximumFrameRate);
        CheckWhole("steps", request.Steps, 1, RequestRules.MaximumSteps);
        CheckNumber("guidance", request.GuidanceScale, 0, RequestRules.MaximumGuidanceScale);
        CheckNumber("flow-shift", request.FlowShift, RequestRules.MinimumFlowShift, RequestRules.MaximumFlowShift);
        CheckName("scheduler", request.Scheduler, RequestRules.Schedulers);
        CheckWhole("seed", request.Seed, 0, RequestRules.MaximumSeed);
        _problems.AddRange(attentionProblems);
        if (request.PreviewEverySteps is { } every) CheckWhole("preview", every, 1, RequestRules.MaximumSteps);
        return _problems.Count == 0 ? request : throw new RequestValidationException(_problems);
    }

    private void CheckText(string field, string text)
    {
        if (text.Length > RequestRules.MaximumPromptLength)
            Add(field, $"of {Show(text.Length)} characters", $"it must have at most {Show(RequestRules.MaximumPromptLength)} characters", [],
                "Shorten it; models read only its first few hundred words anyway.");
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else if (Unprintable(text[i]) is { } kind)
            {
                Add(field, $"with U+{(int)text[i]:X4} at character {Show(i + 1)}", $"it must have no {kind} (tab and line breaks are allowed)", [], "Remove that character.");
                return;
            }
        }
    }

    private static string? Unprintable(char c) =>
        char.IsSurrogate(c) ? "half surrogate pairs" : char.IsControl(c) && c is not ('\t' or '\n' or '\r') ? "control characters" : null;

    private void CheckPreset(string preset, IReadOnlyList<string> presets)
    {
        if (presets.Count > 0) CheckName("preset", preset, presets);
        else Add("preset", $"\"{Shorten(preset)}\"", "the model has no presets", [], "Leave --preset out; --width, --height and --frames set a size.");
    }

    private void CheckSide(string field, int side)
    {
        var (multiple, maximum) = (_limits.SizeMultiple, _limits.MaximumSide);
        if (side < multiple || side > maximum || side % multiple != 0)
            Add(field, Show(side), $"it must be a multiple of {multiple} from {multiple} to {maximum}",
                Nearest(side, 0, multiple, multiple, maximum), $"Set --{field} to a legal value.");
    }

    private void CheckFrameCount(int frames)
    {
        var (factor, maximum) = (_limits.TemporalFactor, _limits.MaximumFrameCount);
        if (frames < 1 || frames > maximum || (frames - 1) % factor != 0)
            Add("frames", Show(frames), $"it must be {factor}k+1 (1, {1 + factor}, {1 + 2 * factor}, …) from 1 to {maximum}",
                Nearest(frames, 1, factor, 1, maximum), "Set --frames to a legal value.");
    }

    // Only for sizes that are legal one by one: otherwise the same mistake would be reported twice.
    private void CheckTokens(ResolvedRequest request)
    {
        if (_problems.Any(problem => problem.Field is "width" or "height" or "frames")) return;
        var tokens = _limits.Tokens(request.Width, request.Height, request.FrameCount);
        if (tokens <= _limits.MaxTokens) return;
        var perFrame = tokens / _limits.LatentFrames(request.FrameCount);
        var frames = (int)(_limits.MaxTokens / perFrame - 1) * _limits.TemporalFactor + 1;
        Add("frames", $"{Show(request.FrameCount)} at {request.Width}x{request.Height}",
            $"it must be at most {Show(_limits.MaxTokens)} video tokens, and this is {Show(tokens)}", frames >= 1 ? [$"{Show(frames)} frames at that size"] : [],
            "Set a smaller --frames, --width or --height.");
    }

    private void CheckWhole(string field, long value, long minimum, long maximum)
    {
        if (value < minimum || value > maximum)
            Add(field, Show(value), $"it must be a whole number from {minimum} to {maximum}",
                [Show(Math.Clamp(value, minimum, maximum))], $"Set --{field} to a legal value.");
    }

    private void CheckNumber(string field, double value, double minimum, double maximum)
    {
        if (!(value >= minimum && value <= maximum))
            Add(field, Show(value), $"it must be a number from {Show(minimum)} to {Show(maximum)}",
                double.IsNaN(value) ? [] : [Show(Math.Clamp(value, minimum, maximum))], $"Set --{field} to a legal value.");
    }

    private void CheckName(string field, string value, IReadOnlyList<string> allowed)
    {
        if (!allowed.Contains(value))
            Add(field, $"\"{Shorten(value)}\"", $"it must be one of {string.Join(", ", allowed)}", [], $"Set --{field} to one of them.");
    }

    /// <summary>The legal values next to an illegal one: start + n·step within the bounds.</summary>
    private static IReadOnlyList<string> Nearest(int value, int start, int step, int minimum, int maximum)
    {
        if (value <= minimum) return [Show(minimum)];
        if (value >= maximum) return [Show(maximum)];
        var below = start + (value - start) / step * step;
        return [Show(below), Show(below + step)];
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Show(long value) => value.ToString(CultureInfo.InvariantCulture);

    private void Add(string field, string got, string allowed, IReadOnlyList<string> nearest, string advice) =>
        _problems.Add(new RequestProblem(field, got, allowed, nearest, advice));
}
