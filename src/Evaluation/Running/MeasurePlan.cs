using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Measures;
using XVideo.Evaluation.Results;
using static TorchSharp.torch;

namespace XVideo.Evaluation.Running;

/// <summary>What will be measured, and what cannot be.</summary>
/// <param name="Dimensions">That were asked for and can be computed, if clips allow.</param>
/// <param name="Measures">That compute them.</param>
/// <param name="Missing">That were asked for and cannot be computed, whatever the clips.</param>
/// <param name="IsExplicit">Whether the user named dimensions.</param>
internal sealed record MeasurePlan(IReadOnlyList<DimensionInfo> Dimensions, IReadOnlyList<Measure> Measures, IReadOnlyList<MissingDimension> Missing, bool IsExplicit) : IDisposable
{
    private static readonly (string Group, string Start)[] Groups = [("pixel_judge", "judge_"), ("optical_flow", "optical_flow_")];

    /// <exception cref="EvaluationException">A name is not known.</exception>
    public static MeasurePlan Create(IReadOnlyList<string>? asked, bool hasSuite, MetricWeightsFolder weights, Device? device, NetworkSizes sizes)
    {
        var chosen = Choose(asked, hasSuite);
        var missing = chosen.Select(dimension => WhyNot(dimension, hasSuite, weights)).OfType<MissingDimension>().ToArray();
        DimensionInfo[] computed = [.. chosen.Where(dimension => missing.All(other => other.Name != dimension.Name))];
        var networks = new NetworkMeasures(weights, device, withText: computed.Any(dimension => dimension.Name == "appearance_style"), sizes);
        Measure[] own = [new FlickeringMeasure(), new MotionProxyMeasure(), new OpticalFlowMeasure(), new JudgeMeasure()];
        Measure?[] measures =
        [
            .. own.Where(measure => measure.Dimensions.Any(name => computed.Any(dimension => dimension.Name == name))),
            computed.Any(dimension => dimension.Name == Names.Flickering) ? networks.Create(Names.IsStatic) : null,
            .. computed.Where(dimension => dimension.Kind == DimensionKind.VBench).Select(dimension => networks.Create(dimension.Name)),
        ];
        return new(computed, [.. measures.OfType<Measure>()], missing, asked is not null);
    }

    public void Dispose()
    {
        foreach (var measure in Measures) measure.Dispose();
    }

    private static DimensionInfo[] Choose(IReadOnlyList<string>? asked, bool hasSuite)
    {
        if (asked is null) return [.. DimensionCatalog.All.Where(dimension => !hasSuite || dimension.Kind == DimensionKind.VBench)];
        var problems = asked.Where(name => !DimensionCatalog.All.Any(dimension => IsMeant(dimension, name)))
            .Select(name => $"\"{name}\" is not a dimension. There are: {string.Join(", ", DimensionCatalog.All.Select(dimension => dimension.Name))}; and groups: {string.Join(", ", Groups.Select(group => group.Group))}.").ToArray();
        return problems.Length == 0 ? [.. DimensionCatalog.All.Where(dimension => asked.Any(name => IsMeant(dimension, name)))] : throw new EvaluationException(problems);
    }

    private static bool IsMeant(DimensionInfo dimension, string name) =>
        dimension.Name == name || Groups.Any(group => group.Group == name && dimension.Name.StartsWith(group.Start, StringComparison.Ordinal));

    private static MissingDimension? WhyNot(DimensionInfo dimension, bool hasSuite, MetricWeightsFolder weights)
    {
        var files = weights.Missing(dimension.Needs);
        string[] lines = [.. files.Select(file => file.ToString())];
        if (!dimension.IsImplemented) return new(dimension.Name, "this program does not have its network; compute it with the reference package and pass --import-scores", lines);
        if (dimension.Name == "appearance_style" && !hasSuite) return new(dimension.Name, "its style texts come from VBench's list of prompts: pass --suite VBench_full_info.json", lines);
        return files.Count > 0 ? new(dimension.Name, "weight files are missing: put them in the folder of --metric-weights", lines) : null;
    }
}
