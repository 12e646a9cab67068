using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;

namespace XVideo.Service.Api.Replies;

/// <summary>What a model does where a request says nothing; the names are those of a request.</summary>
/// <param name="Size">Width, x, height in pixels.</param>
/// <param name="NumFrames">Frames.</param>
/// <param name="Fps">Frames per second.</param>
/// <param name="NumInferenceSteps">Denoising steps.</param>
/// <param name="GuidanceScale">Classifier-free guidance scale.</param>
/// <param name="FlowShift">Shift of the noise schedule.</param>
/// <param name="Scheduler">Solver of the denoising steps.</param>
/// <param name="NegativePrompt">What a video must not show.</param>
/// <param name="Attention">How self-attention is computed: the settings that the method reads.</param>
public sealed record ModelDefaultsObject(
    string Size, int NumFrames, double Fps, int NumInferenceSteps, double GuidanceScale, double FlowShift, string Scheduler, string NegativePrompt, AttentionObject Attention)
{
    internal static ModelDefaultsObject From(ModelDefaults defaults, ModelLimits limits) => new(
        $"{defaults.Width}x{defaults.Height}", defaults.FrameCount, defaults.FrameRate, defaults.Steps, defaults.GuidanceScale, defaults.FlowShift, defaults.Scheduler,
        defaults.NegativePrompt, WithAttention(null, defaults, limits));

    /// <summary>The settings that hold when a request names a method and nothing else about attention.</summary>
    /// <param name="method">Its name; <see langword="null"/>: none is named.</param>
    /// <param name="defaults">Of the model.</param>
    /// <param name="limits">Of the model.</param>
    internal static AttentionObject WithAttention(string? method, ModelDefaults defaults, ModelLimits limits)
    {
        // What the prompt says does not matter; a request must have one.
        var request = new VideoRequest { Prompt = "any", Attention = method is null ? null : new AttentionRequest { Method = method } };
        return AttentionObject.From(FrozenRequest.Of(RequestValidator.Resolve(request, defaults, limits)).Attention);
    }
}
