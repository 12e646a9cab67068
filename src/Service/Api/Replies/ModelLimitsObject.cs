using XVideo.Pipeline.Requests;

namespace XVideo.Service.Api.Replies;

/// <summary>What sizes a model has.</summary>
/// <param name="SizeMultiple">Width and height are multiples of this, pixels.</param>
/// <param name="FrameStep">The number of frames is this × k + 1.</param>
public sealed record ModelLimitsObject(int SizeMultiple, int FrameStep)
{
    internal static ModelLimitsObject From(ModelLimits limits) => new(limits.SizeMultiple, limits.TemporalFactor);
}
