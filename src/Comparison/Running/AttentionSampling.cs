using XVideo.Comparison.Grid;
using XVideo.Comparison.Results;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Quality;

namespace XVideo.Comparison.Running;

/// <summary>Where attention is looked at, and what is reported of it.</summary>
internal sealed class AttentionSampling
{
    private readonly List<ProbeArm> _probes = [];
    private readonly Dictionary<string, int> _probeOf = [];

    /// <param name="arms">All of the comparison.</param>
    /// <param name="steps">Denoising steps.</param>
    /// <param name="layers">Transformer blocks.</param>
    /// <param name="samples">Steps and layers to take; 0: none.</param>
    public AttentionSampling(IReadOnlyList<ComparisonArm> arms, int steps, int layers, int samples)
    {
        ComparisonArm[] sparse = [.. arms.Where(arm => !arm.Options.IsDense)];
        Places = sparse.Length == 0 ? [] : ProbePlace.Spread(sparse.Max(arm => arm.Options.DenseWarmup.Of(steps)), steps, layers, samples, samples);
        // On equal inputs the choice does not depend on the schedule: arms that differ only there are asked once.
        var known = new Dictionary<string, int>();
        foreach (var arm in sparse)
        {
            int? model = arm.MatchesDensityOf is { } other ? _probeOf[other] : null;
            var key = $"{Choice(arm)}|{model}";
            if (!known.TryGetValue(key, out var probe))
            {
                known[key] = probe = _probes.Count;
                _probes.Add(new ProbeArm(arm.Options, model));
            }
            _probeOf[arm.Id] = probe;
        }
    }

    /// <summary>Calls that are sparse in every arm.</summary>
    public IReadOnlyList<ProbePlace> Places { get; }

    /// <summary>What decides a choice on given inputs: equal for arms that differ only in when they are sparse.</summary>
    public static string Choice(ComparisonArm arm)
    {
        var settings = SettingText.Names.Where(name => !name.StartsWith("dense-", StringComparison.Ordinal) && name != "mask-refresh");
        return string.Join('|', settings.Select(name => SettingText.Of(arm.Options, name)).Prepend(arm.Options.Method).Append($"{arm.Options.Thresholds?.GetHashCode()}"));
    }

    /// <summary>Whether a call is one of those that are sampled.</summary>
    public bool Contains(AttentionPlace place) => place.Pass.Branch == 0 && Places.Contains(new ProbePlace(place.Pass.Step, place.Layer));

    /// <summary>Asks all arms on the inputs of a full run.</summary>
    /// <param name="seed">Of the request.</param>
    public OpenLoopProbe Open(long seed) => new(_probes, Places, seed);

    /// <summary>What the probe found, by arm.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AttentionSample>> Read(OpenLoopProbe probe) => _probeOf.ToDictionary(
        arm => arm.Key, arm => (IReadOnlyList<AttentionSample>)[.. probe.Samples.Where(sample => sample.Arm == arm.Value).Select(sample => Of(sample, isOpenLoop: true))]);

    /// <summary>A sample of the report.</summary>
    public static AttentionSample Of(ProbeSample sample, bool isOpenLoop) => new()
    {
        IsOpenLoop = isOpenLoop,
        Step = sample.Step,
        Layer = sample.Layer,
        Density = sample.Quality.Density,
        Recall = sample.Quality.Recall,
        RecallP1 = sample.Quality.RecallP1,
        RecallMin = sample.Quality.RecallMin,
        OracleRecall = sample.Quality.OracleRecall,
        RelativeL1 = sample.Quality.HeadError.RelativeL1,
        RelativeL2 = sample.Quality.HeadError.RelativeL2,
        Cosine = sample.Quality.Error.Cosine,
    };
}
