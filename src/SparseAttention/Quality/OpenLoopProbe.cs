using TorchSharp;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Quality;

/// <summary>Asks the selectors of many settings on the queries, keys and values of one full run, so that they differ in the choice alone.</summary>
/// <remarks>Costs dense attention a few times for every place. One probe serves one run.</remarks>
public sealed class OpenLoopProbe : IDisposable
{
    private readonly IReadOnlyList<ProbeArm> _arms;
    private readonly IBlockSelector?[] _selectors;
    private readonly HashSet<ProbePlace> _places;
    private readonly long _seed;
    private readonly List<ProbeSample> _samples = [];

    /// <param name="arms">The settings.</param>
    /// <param name="places">The calls to look at.</param>
    /// <param name="seed">That of the request.</param>
    /// <exception cref="ArgumentException">An arm cannot be asked; the message has its number and why.</exception>
    public OpenLoopProbe(IReadOnlyList<ProbeArm> arms, IReadOnlyList<ProbePlace> places, long seed)
    {
        (_arms, _places, _seed) = (arms, [.. places], seed);
        for (var arm = 0; arm < arms.Count; arm++)
            if (Problem(arm) is { } problem) throw new ArgumentException($"Arm {arm}, {arms[arm].Options.Describe()}, cannot be asked: {problem}", nameof(arms));
        _selectors = [.. arms.Select(arm => arm.MatchesDensityOf is null ? AttentionPlan.CreateSelector(arm.Options, seed) : null)];
    }

    /// <summary>In order of the calls, then of the arms.</summary>
    public IReadOnlyList<ProbeSample> Samples => _samples;

    /// <summary>For <see cref="AttentionPlan.ObserveDense"/>.</summary>
    /// <exception cref="ArgumentException">An arm does not fit the call, for example in its number of heads.</exception>
    public void Observe(SelectionContext context)
    {
        var (pass, layer, _) = context.Place;
        if (pass.Branch != 0 || !_places.Contains(new ProbePlace(pass.Step, layer))) return;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var exact = new FullAttention(context.Query, context.Key, context.Value);
        var lists = new List<BlockList>();
        for (var arm = 0; arm < _arms.Count; arm++)
        {
            var (blocks, quality) = Ask(arm, context, lists, exact);
            lists.Add(blocks);
            _samples.Add(new ProbeSample(arm, pass.Step, layer, quality));
        }
    }

    /// <summary>Frees the selectors.</summary>
    public void Dispose()
    {
        foreach (var selector in _selectors) selector?.Dispose();
    }

    private (BlockList Blocks, SelectionQuality Quality) Ask(int arm, SelectionContext context, List<BlockList> lists, FullAttention exact)
    {
        var (options, model) = _arms[arm];
        using var matched = model is { } other ? AttentionPlan.CreateSelector(options, _seed, Density(lists[other])) : null;
        var selector = matched ?? _selectors[arm]!;
        context = context with { Layout = context.Layout with { BlockSize = options.BlockSize } };
        using var order = selector.Order(context);
        if (order is null)
        {
            var blocks = selector.Select(context);
            return (blocks, exact.Measure(blocks));
        }
        context = context with { Query = order.Apply(context.Query), Key = order.Apply(context.Key), Value = order.Apply(context.Value) };
        var ordered = selector.Select(context);
        return (ordered, SelectionQuality.Measure(context.Query, context.Key, context.Value, ordered));
    }

    // Of every head, over all batch items.
    private static PerHead<double> Density(BlockList blocks)
    {
        using var scope = NewDisposeScope();
        return new PerHead<double>((blocks.Counts.to(ScalarType.Float64).mean([0, 2]) / blocks.Layout.KeyBlocks).cpu().data<double>().ToArray());
    }

    private string? Problem(int arm)
    {
        var (options, model) = _arms[arm];
        if (options.IsDense) return "dense attention chooses nothing.";
        if (options.Validate() is { Count: > 0 } problems) return string.Join(" ", problems.Select(problem => $"{problem.Field} {problem.Got} is not usable: {problem.Allowed}."));
        var takesDensity = options.Method == AttentionMethod.Window.Name || options.Method == AttentionMethod.Random.Name;
        if (model is null) return options.Method == AttentionMethod.Random.Name && options.Density is null ? "it has no density; give one, or an arm whose density it matches." : null;
        return !takesDensity ? "only window and random can match the density of another arm."
            : model < 0 || model >= arm ? $"it matches the density of arm {model}; that must be an earlier one." : null;
    }
}
