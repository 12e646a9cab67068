using System.Text;
using XVideo.Judge;

namespace XVideo.Evaluation;

/// <summary>Names of our own dimensions. None is a name of VBench's.</summary>
internal static class Names
{
    public const string FlickeringUnfiltered = "temporal_flickering_unfiltered";
    public const string Flickering = "temporal_flickering";
    public const string MotionProxy = "motion_proxy";
    public const string MotionProxyLength = "motion_proxy_length";
    public const string FlowMagnitude = "optical_flow_magnitude";
    public const string FlowChange = "optical_flow_change";
    public const string FlowWarpError = "optical_flow_warp_error";
    public const string FlowOccluded = "optical_flow_occluded";
    public const string JudgeAll = "judge_all";

    /// <summary>Kept with a clip's results and never a score of its own: whether VBench's static filter passes the clip.</summary>
    public const string IsStatic = "static_filter";

    /// <summary>For example <c>judge_second_colour</c>.</summary>
    public static string Judge(Aspect aspect)
    {
        var name = new StringBuilder("judge");
        foreach (var letter in aspect.ToString())
        {
            if (char.IsUpper(letter)) name.Append('_');
            name.Append(char.ToLowerInvariant(letter));
        }
        return name.Replace("color", "colour").ToString();
    }
}
