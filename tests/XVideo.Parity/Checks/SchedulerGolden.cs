using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using XVideo.Pipeline.Schedulers;

namespace XVideo.Parity.Checks;

/// <summary>A scheduler config of the goldens. They lack the class name, which is told from the options.</summary>
internal static partial class SchedulerGolden
{
    /// <summary>Reads a golden's JSON, in which Python may have written infinities without quotes.</summary>
    public static JsonObject ReadJson(string path) =>
        JsonNode.Parse(StringOrInfinity().Replace(File.ReadAllText(path), match => match.Value[0] == '"' ? match.Value : "null"))!.AsObject();

    /// <summary>The config, or null for a class that this version does not have.</summary>
    public static SchedulerConfig? Config(JsonObject options, string source)
    {
        var className =
            options.ContainsKey("algorithm_type") ? "DPMSolverMultistepScheduler"
            : options.ContainsKey("predict_x0") ? "UniPCMultistepScheduler"
            : options.ContainsKey("shift") ? "FlowMatchEulerDiscreteScheduler"
            : null;
        if (className is null) return null;
        var named = options.DeepClone().AsObject();
        named["_class_name"] = className;
        return SchedulerConfig.Parse(named.ToJsonString(), source);
    }

    [GeneratedRegex("""
        "(?:\\.|[^"\\])*"|-?\bInfinity\b
        """)]
    private static partial Regex StringOrInfinity();
}
