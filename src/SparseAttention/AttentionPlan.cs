using TorchSharp;
using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>
/// The self-attention of one request: which calls are dense, which blocks the others see, who computes them, and what that took. Everything that
/// geometry decides is decided once, here; nothing falls back silently.
/// </summary>
/// <remarks>On a GPU nothing here waits for the device before <see cref="Report"/>. Not thread-safe.</remarks>
public sealed class AttentionPlan : IAttention, IDisposable
{
    private readonly AttentionOptions _options;
    private readonly AttentionDesc _desc;
    private readonly BlockLayout _layout;
    private readonly IAttentionBackend _dense;
    private readonly IAttentionBackend? _sparse;
    private readonly IBlockSelector? _selector;
    private readonly AttentionLedger _ledger;
    private readonly Dictionary<(int Layer, int Branch), Choice> _choices = [];

    private AttentionPlan(AttentionOptions options, AttentionSchedule schedule, AttentionDesc desc, TokenRange text, IReadOnlyList<IAttentionBackend> backends, IBlockSelector? selector, IAttentionTimeline? timeline, long seed)
    {
        (_options, Schedule, _desc) = (options, schedule, desc);
        _layout = new BlockLayout(desc.QueryTokens, desc.KeyTokens, options.BlockSize, text);
        _dense = AttentionBackends.Choose(options.Backend, desc with { BlockSize = null }, backends);
        if (!options.IsDense)
        {
            _sparse = AttentionBackends.Choose(options.Backend, desc with { BlockSize = options.BlockSize }, backends);
            _selector = selector ?? CreateSelector(options, seed);
        }
        _ledger = new AttentionLedger(schedule, timeline ?? (desc.Device == DeviceType.CPU ? new HostTimeline() : null));
    }

    /// <summary>Which calls are dense, and why.</summary>
    public AttentionSchedule Schedule { get; }

    /// <summary>Called with the blocks of every sparse call, also when they are reused; <see langword="null"/>: nobody.</summary>
    public Action<AttentionObservation>? Observe { get; set; }

    /// <summary>Called with queries, keys and values of every dense call, which live only during it; <see langword="null"/>: nobody.</summary>
    public Action<SelectionContext>? ObserveDense { get; set; }

    /// <summary>Chooses backend and selector.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="stepCount">Denoising steps, at least 1.</param>
    /// <param name="layerCount">Transformer blocks, at least 1.</param>
    /// <param name="desc">Shapes, type and device of every call; its block size is ignored.</param>
    /// <param name="text">Text tokens within the sequence, which are always seen; default none.</param>
    /// <param name="seed">That of the request, for methods that draw by lot.</param>
    /// <param name="backends">Most preferred first; default <see cref="AttentionBackends.All"/>.</param>
    /// <param name="timeline">Measures time, and is disposed with the plan; default the host's clock on the CPU and nothing elsewhere.</param>
    /// <exception cref="ArgumentException">The options are not legal; lists every problem.</exception>
    /// <exception cref="AttentionNotAvailableException">The backend that was named cannot do it, or none can.</exception>
    public static AttentionPlan Create(
        AttentionOptions options, int stepCount, int layerCount, AttentionDesc desc, TokenRange text = default, long seed = 0,
        IReadOnlyList<IAttentionBackend>? backends = null, IAttentionTimeline? timeline = null) =>
        Create(options, stepCount, layerCount, desc, text, backends, null, timeline, seed);

    internal static AttentionPlan Create(
        AttentionOptions options, int stepCount, int layerCount, AttentionDesc desc, TokenRange text,
        IReadOnlyList<IAttentionBackend>? backends, IBlockSelector? selector, IAttentionTimeline? timeline = null, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layerCount, 1);
        var problems = options.Validate(stepCount, layerCount, desc.Heads);
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems.Select(problem => $"{problem.Field} {problem.Got} is not usable: {problem.Allowed}.")), nameof(options));
        var schedule = new AttentionSchedule(options, stepCount, layerCount, desc.KeyTokens);
        return new AttentionPlan(options, schedule, desc, text, backends ?? AttentionBackends.All, selector, timeline, seed);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A shape is not the one that the plan was made for.</exception>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, AttentionPlace place)
    {
        Check(query, key, value, place);
        using var scope = NewDisposeScope();
        var output = Schedule.DenseReason(place.Pass.Step, place.Layer) is { } reason ? Dense(query, key, value, place, reason) : Sparse(query, key, value, place);
        return output.MoveToOuterDisposeScope();
    }

    /// <summary>What has been computed so far. Waits for the device.</summary>
    public AttentionReport Report()
    {
        var totals = _ledger.Add(isDense => isDense ? _dense.Name : _sparse!.Name);
        var backend = totals.SparseDensity is null ? _dense.Name : _sparse!.Name;
        return new AttentionReport(
            Summary(totals, backend), _options.Method, backend, _desc.QueryTokens, totals.SparseDensity is null ? null : _options.BlockSize,
            totals.Density, totals.SparseDensity, totals.SelectionTime, totals.AttentionTime, totals.Entries);
    }

    /// <summary>Frees block lists, the selector's state and the counters.</summary>
    public void Dispose()
    {
        foreach (var choice in _choices.Values) choice.Dispose();
        _choices.Clear();
        _selector?.Dispose();
        _ledger.Dispose();
    }

    /// <summary>The selector of a sparse method.</summary>
    /// <param name="options">Legal ones.</param>
    /// <param name="seed">That of the request.</param>
    /// <param name="density">Instead of <see cref="AttentionOptions.Density"/>, for methods that need no scores; <see langword="null"/>: that one.</param>
    /// <exception cref="ArgumentException">The method needs a density, and there is none.</exception>
    internal static IBlockSelector CreateSelector(AttentionOptions options, long seed, PerHead<double>? density = null)
    {
        density ??= options.Density is { } same ? new PerHead<double>(same) : null;
        var rule = new SelectionRule
        {
            Threshold = options.Density is null ? options.Threshold : null,
            Density = options.Density,
            MinBlocks = options.MinBlocks,
            MaxBlocks = options.MaxBlocks,
            KeepsFirstBlock = options.KeepsFirstBlock,
        };
        return options.Method switch
        {
            "window" => new SlidingWindowSelector(options.Window, density),
            "random" => new RandomSelector(density ?? throw new ArgumentException("Attention random has no density to draw by; give one, for example 0.4.", nameof(options)), seed),
            "oracle" => new OracleSelector(rule),
            _ => new XAttentionSelector(new XAttentionSettings { Stride = options.Stride, Rule = rule }, options.Thresholds),
        };
    }

    private Tensor Dense(Tensor query, Tensor key, Tensor value, AttentionPlace place, string reason)
    {
        var began = _ledger.Mark();
        var output = _dense.Forward(query, key, value).Output;
        _ledger.AddDense(place, reason, began);
        ObserveDense?.Invoke(new SelectionContext(query, key, value, _layout, place));
        return output;
    }

    private Tensor Sparse(Tensor query, Tensor key, Tensor value, AttentionPlace place)
    {
        var began = _ledger.Mark();
        var known = Known(place);
        var order = known is null ? _selector!.Order(new SelectionContext(query, key, value, _layout, place)) : known.Order;
        if (order is not null) (query, key, value) = (order.Apply(query), order.Apply(key), order.Apply(value));
        var context = new SelectionContext(query, key, value, _layout, place);
        var choice = known ?? Choose(context, order);
        var selected = _ledger.Mark();
        var output = _sparse!.Forward(query, key, value, choice.Blocks).Output;
        if (order is not null) output = order.Undo(output);
        _ledger.AddSparse(place, choice.Slot, began, selected);
        // After the last mark: looking on takes time of its own.
        Observe?.Invoke(new AttentionObservation(context, choice.Blocks, order));
        if (!Keeps) choice.Dispose();
        return output;
    }

    private bool Keeps => _selector!.IsStatic || _options.RefreshInterval > 1;

    // A static choice depends on the grid alone, so all layers and branches share it; others are each their own, for as long as they stay fresh.
    private (int Layer, int Branch) KeyOf(AttentionPlace place) => _selector!.IsStatic ? (-1, -1) : (place.Layer, place.Pass.Branch);

    private Choice? Known(AttentionPlace place)
    {
        if (!_choices.TryGetValue(KeyOf(place), out var choice)) return null;
        var isFresh = choice.Place.Grid == place.Grid && (_selector!.IsStatic || place.Pass.Step - choice.Place.Pass.Step < _options.RefreshInterval);
        if (isFresh) return choice;
        choice.Dispose();
        _choices.Remove(KeyOf(place));
        return null;
    }

    private Choice Choose(SelectionContext context, TokenOrder? order)
    {
        var blocks = _selector!.Select(context);
        var choice = new Choice(context.Place, blocks, order, _ledger.Count(blocks));
        if (!Keeps) return choice;
        blocks.DetachFromDisposeScope();
        order?.DetachFromDisposeScope();
        _choices.Add(KeyOf(context.Place), choice);
        return choice;
    }

    private void Check(Tensor query, Tensor key, Tensor value, AttentionPlace place)
    {
        CheckShape(nameof(query), query, _desc.QueryTokens);
        CheckShape(nameof(key), key, _desc.KeyTokens);
        CheckShape(nameof(value), value, _desc.KeyTokens);
        var (step, branch) = place.Pass;
        if (step < 0 || step >= Schedule.StepCount || branch is < 0 or >= AttentionLedger.Branches || place.Layer < 0 || place.Layer >= Schedule.LayerCount)
            throw new ArgumentException($"Step {step}, branch {branch}, layer {place.Layer} is outside the plan: {Schedule.StepCount} steps, {AttentionLedger.Branches} branches, {Schedule.LayerCount} layers.", nameof(place));
    }

    private void CheckShape(string name, Tensor tensor, int tokens)
    {
        if (tensor.shape is not [var batch, var heads, var count, var headDim] || batch != _desc.Batch || heads != _desc.Heads || count != tokens || headDim != _desc.HeadDim || tensor.dtype != _desc.DType)
            throw new ArgumentException(
                $"{name} is [{string.Join(", ", tensor.shape)}] {tensor.dtype}; the plan was made for [{_desc.Batch}, {_desc.Heads}, {tokens}, {_desc.HeadDim}] {_desc.DType}. Make a new plan for other sizes.", name);
    }

    private string Summary(AttentionLedger.Totals totals, string backend)
    {
        var what = $"attention {_options.Describe()} on {backend}";
        if (_options.IsDense) return what;
        if (totals.SparseDensity is not { } density)
            return $"{what}: every call was dense ({string.Join(", ", totals.Entries.Select(entry => entry.DenseReason).Distinct())})";
        var warmup = Schedule.WarmupSteps == 0 ? "" : $", {Schedule.WarmupSteps} dense warm-up step{(Schedule.WarmupSteps == 1 ? "" : "s")} of {Schedule.StepCount}";
        return FormattableString.Invariant($"{what}: density {totals.Density:0.00} (sparse calls {density:0.00}){warmup}");
    }

    private sealed record Choice(AttentionPlace Place, BlockList Blocks, TokenOrder? Order, int Slot) : IDisposable
    {
        public void Dispose()
        {
            Blocks.Dispose();
            Order?.Dispose();
        }
    }
}
