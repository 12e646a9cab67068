using XVideo.Pipeline.Requests;

namespace XVideo.Service.Api.Replies;

/// <summary>What a model does where a request says nothing; the names are those of a request.</summary>
/// <param name="Size">Width, x, height in pixels.</param>
/// <param name="NumFrames">Frames.</param>
/// <param name="Fps">Frames per second.</param>
/// <param name="NumInferenceSteps">Denoising steps.</param>
/// <param name="GuidanceScale">Classifier-free guidance scale.</param>
public sealed record ModelDefaultsObject(string Size, int NumFrames, double Fps, int NumInferenceSteps, double GuidanceScale)
{
    internal static ModelDefaultsObject From(ModelDefaults defaults) =>
        new($"{defaults.Width}x{defaults.Height}", defaults.FrameCount, defaults.FrameRate, defaults.Steps, defaults.GuidanceScale);
}
