namespace XVideo.SparseAttention.Quality;

/// <summary>Measures what a sparse run chose, on its own queries, keys and values, which have drifted from those of a full run.</summary>
/// <param name="places">The calls to look at; dense ones among them give no sample.</param>
public sealed class ClosedLoopProbe(IReadOnlyList<ProbePlace> places)
{
    private readonly HashSet<ProbePlace> _places = [.. places];
    private readonly List<ProbeSample> _samples = [];

    /// <summary>In order of the calls; the arm is always 0.</summary>
    public IReadOnlyList<ProbeSample> Samples => _samples;

    /// <summary>For <see cref="AttentionPlan.Observe"/>.</summary>
    public void Observe(AttentionObservation observation)
    {
        var ((pass, layer, _), context) = (observation.Context.Place, observation.Context);
        if (pass.Branch != 0 || !_places.Contains(new ProbePlace(pass.Step, layer))) return;
        _samples.Add(new ProbeSample(0, pass.Step, layer, SelectionQuality.Measure(context.Query, context.Key, context.Value, observation.Blocks)));
    }
}
