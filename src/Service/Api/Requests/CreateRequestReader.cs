using System.Globalization;
using System.Text.RegularExpressions;
using XVideo.Pipeline.Requests;
using XVideo.Service.Api.Errors;
using XVideo.Service.Engine;

namespace XVideo.Service.Api.Requests;

/// <summary>Fields to a typed request, under all the names that self-hosted servers use. Values are checked by <see cref="RequestValidator"/>, not here.</summary>
internal sealed partial class CreateRequestReader
{
    private readonly RequestFields _fields;
    private readonly FieldReader _read;
    private readonly ServedModel _model;

    private CreateRequestReader(RequestFields fields, ServedModel model) => (_fields, _read, _model) = (fields, new FieldReader(fields), model);

    /// <summary>Every field there is.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "prompt", "model", "seconds", "size", "width", "height", "num_frames", "fps", "num_inference_steps", "guidance_scale", "negative_prompt", "seed", "flow_shift",
        "scheduler", "preset", "preview_every_steps", "input_reference", .. AttentionFields.Names,
    ];

    /// <summary>Reads a create request.</summary>
    /// <param name="fields">What was sent.</param>
    /// <param name="model">The model that this server has.</param>
    /// <exception cref="ApiException">A field is unknown, of the wrong type or not readable, or the model is another one.</exception>
    public static CreateRequest Read(RequestFields fields, ServedModel model) => new CreateRequestReader(fields, model).Read();

    /// <exception cref="ApiException">One is not known.</exception>
    public static void CheckNames(RequestFields fields, IReadOnlyList<string> known)
    {
        if (fields.Names.FirstOrDefault(name => !known.Contains(name)) is { } unknown) throw new ApiException(ApiErrors.UnknownParameter(unknown, known));
    }

    /// <exception cref="ApiException">There is none.</exception>
    public static string Prompt(RequestFields fields) =>
        new FieldReader(fields).Text("prompt") ?? throw new ApiException(ApiErrors.Missing("prompt", $"it says what the video shows, in 1 to {RequestRules.MaximumPromptLength} characters"));

    private CreateRequest Read()
    {
        CheckNames(_fields, Names);
        if (_read.Text("model") is { } named && named != _model.Id) throw new ApiException(ApiErrors.ModelNotFound(named, _model.Id));
        var prompt = Prompt(_fields);
        if (_fields.Find("input_reference") is not null)
            throw new ApiException(ApiErrors.InvalidValue("input_reference", "(an image)", $"model {_model.Id} makes videos from text only"));
        var (width, height) = Size();
        var preset = _read.Text("preset");
        var frameRate = _read.Number("fps");
        var video = new VideoRequest
        {
            Prompt = prompt,
            Preset = preset,
            NegativePrompt = _read.Text("negative_prompt"),
            Width = width,
            Height = height,
            FrameCount = _read.Integer("num_frames") ?? Frames(frameRate ?? _model.Defaults.Under(preset).FrameRate),
            FrameRate = frameRate,
            Steps = _read.Integer("num_inference_steps"),
            GuidanceScale = _read.Number("guidance_scale"),
            FlowShift = _read.Number("flow_shift"),
            Scheduler = _read.Text("scheduler"),
            Seed = _read.Long("seed"),
            Attention = AttentionFields.Read(_fields, _read),
            PreviewEverySteps = _read.Integer("preview_every_steps"),
        };
        return new CreateRequest(video, Param);
    }

    private (int? Width, int? Height) Size()
    {
        var (width, height) = (_read.Integer("width"), _read.Integer("height"));
        if (_read.Text("size") is not { } size) return (width, height);
        var match = SizePattern().Match(size);
        if (!match.Success) throw new ApiException(ApiErrors.InvalidValue("size", $"\"{size}\"", "it must be width, a small x and height in pixels, for example \"832x480\""));
        var said = (Width: Whole(match.Groups[1]), Height: Whole(match.Groups[2]));
        if ((width ?? said.Width) != said.Width || (height ?? said.Height) != said.Height)
            throw new ApiException(ApiErrors.InvalidValue("size", $"\"{size}\"", $"width {width ?? said.Width} and height {height ?? said.Height} were given too, and say something else; leave them out"));
        return said;
    }

    // seconds is a rough wish, num_frames an exact one: only the first is brought to the next frame count that the model has.
    private int? Frames(double frameRate)
    {
        if (_read.Scalar("seconds", "a number of seconds") is not { } text) return null;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds <= 0)
            throw new ApiException(ApiErrors.InvalidValue("seconds", $"\"{text}\"", "it must be a number of seconds, more than 0"));
        var factor = _model.Limits.TemporalFactor;
        var frames = (Math.Round(seconds * frameRate / factor, MidpointRounding.AwayFromZero) * factor) + 1;
        // A frame rate that is no number has its own error to come.
        return double.IsNaN(frames) ? null : (int)Math.Min(frames, int.MaxValue);
    }

    private string Param(string field) => field switch
    {
        "width" or "height" when _fields.Find("size") is not null => "size",
        "frames" => _fields.Find("num_frames") is null && _fields.Find("seconds") is not null ? "seconds" : "num_frames",
        "steps" => "num_inference_steps",
        "guidance" => "guidance_scale",
        "negative-prompt" => "negative_prompt",
        "flow-shift" => "flow_shift",
        "preview" => "preview_every_steps",
        _ => AttentionFields.Param(field) ?? field,
    };

    private static int Whole(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A([0-9]{1,5})x([0-9]{1,5})\z")]
    private static partial Regex SizePattern();
}
