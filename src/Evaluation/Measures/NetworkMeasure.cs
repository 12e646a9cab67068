using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Results;
using static TorchSharp.torch;

namespace XVideo.Evaluation.Measures;

/// <summary>A dimension of VBench's that networks compute.</summary>
/// <param name="name">VBench's name.</param>
/// <param name="weights">Files of its networks.</param>
/// <param name="leastFrames">Frames that a clip must have.</param>
/// <param name="load">Loads the networks and gives what makes a meter for a clip; called once.</param>
/// <param name="parameters">As <see cref="Measure.Parameters"/>.</param>
/// <param name="refuses">As <see cref="Measure.Refuses"/>.</param>
/// <param name="suiteDimension">VBench's dimension that it serves; default: the one of its name.</param>
internal sealed class NetworkMeasure(
    string name, IReadOnlyList<WeightFile> weights, int leastFrames, Func<LoadedNetworks> load, Func<ClipFacts, string>? parameters = null, Func<ClipFacts, string?>? refuses = null,
    string? suiteDimension = null) : Measure
{
    private LoadedNetworks? _loaded;

    public override string Name => name;

    public override IReadOnlyList<string> Dimensions { get; } = [name];

    public override IReadOnlyList<string> SuiteDimensions { get; } = [suiteDimension ?? name];

    public override IReadOnlyList<WeightFile> Weights => weights;

    public override int LeastFrames => leastFrames;

    public override string Parameters(ClipFacts clip) => parameters?.Invoke(clip) ?? "";

    public override string? Refuses(ClipFacts clip) => refuses?.Invoke(clip);

    public override void Load() => _loaded ??= load();

    public override IMeter Begin(ClipFacts clip)
    {
        using var ungraded = no_grad();
        return _loaded!.Begin(clip);
    }

    public override void Dispose()
    {
        foreach (var network in _loaded?.Networks ?? []) network.Dispose();
        _loaded = null;
    }
}
