using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;

namespace XVideo.SparseAttention;

/// <summary>Everything that may be said about the self-attention of one video. Settings that the method does not read have no effect.</summary>
public sealed record AttentionOptions
{
    /// <summary>The method where neither request nor model names one.</summary>
    public const string DefaultMethod = "dense";

    /// <summary>Lets the plan choose the backend, and report it.</summary>
    public const string Automatic = "auto";

    /// <summary>The legal values of <see cref="Backend"/>.</summary>
    public static IReadOnlyList<string> Backends { get; } = [Automatic, "sm90", "sm80", "cpu", "sdpa", "reference"];

    /// <summary>A name of <see cref="AttentionMethod.Names"/>. Default <see cref="DefaultMethod"/>.</summary>
    public string Method { get; init; } = DefaultMethod;

    /// <summary>One of <see cref="Backends"/>. An exact name runs that backend or fails. Default <see cref="Automatic"/>.</summary>
    public string Backend { get; init; } = Automatic;

    /// <summary>Tokens of a block: one of <see cref="BlockLayout.BlockSizes"/>. Default 128.</summary>
    public int BlockSize { get; init; } = 128;

    /// <summary>Distance of the sampled antidiagonals: one of <see cref="XAttentionSettings.Strides"/>. Default 8.</summary>
    public int Stride { get; init; } = 8;

    /// <summary>τ: the share of a row's weight that the kept blocks must hold, more than 0 to 1. Default 0.9.</summary>
    public PerHead<double> Threshold { get; init; } = 0.9;

    /// <summary>A threshold for every layer and head, found for one model, instead of <see cref="Threshold"/>; only xattention takes them. Default none.</summary>
    public AttentionThresholds? Thresholds { get; init; }

    /// <summary>
    /// Keep this share of the blocks whatever they weigh, more than 0 to 1; then thresholds have no effect, and <see cref="Window"/> only gives the
    /// proportions. Default none, but random needs one.
    /// </summary>
    public double? Density { get; init; }

    /// <summary>At least so many blocks a row, from 1. Default 1.</summary>
    public int MinBlocks { get; init; } = 1;

    /// <summary>At most so many blocks a row, from <see cref="MinBlocks"/>. Default all.</summary>
    public int? MaxBlocks { get; init; }

    /// <summary>Always keep key block 0. Default false.</summary>
    public bool KeepsFirstBlock { get; init; }

    /// <summary>How far a token sees to each side. Default 2 latent frames, 4 rows and 4 columns of tokens.</summary>
    public TokenWindow Window { get; init; } = new(2, 4, 4);

    /// <summary>The first steps are dense: so many, or a share of all. Default 20 %: what it costs and gains is in docs/performance.md.</summary>
    public StepShare DenseWarmup { get; init; } = StepShare.OfPercent(20);

    /// <summary>So many layers at the input are always dense. Default 0.</summary>
    public int DenseFirstLayers { get; init; }

    /// <summary>So many layers at the output are always dense. Default 0.</summary>
    public int DenseLastLayers { get; init; }

    /// <summary>Blocks are chosen anew every so many steps and reused in between, from 1. Default 1.</summary>
    public int RefreshInterval { get; init; } = 1;

    /// <summary>Whether every token sees every token.</summary>
    public bool IsDense => Method == AttentionMethod.Dense.Name;

    /// <summary>For example <c>xattention τ 0.9 stride 8</c>: the method with what matters most.</summary>
    public string Describe()
    {
        var method = AttentionMethod.Find(Method);
        if (method == AttentionMethod.Window && Density is null) return FormattableString.Invariant($"{Method} {Window.Frames},{Window.Rows},{Window.Columns}");
        if (method is null || method == AttentionMethod.Dense) return Method;
        var stride = method == AttentionMethod.XAttention ? FormattableString.Invariant($" stride {Stride}") : "";
        return Density is { } density ? FormattableString.Invariant($"{Method} density {density}{stride}") : FormattableString.Invariant($"{Method} τ {DescribeThreshold()}{stride}");
    }

    /// <summary>What cannot be used, all of it; empty when everything is legal.</summary>
    /// <param name="stepCount">Denoising steps; <see langword="null"/> leaves out what depends on them.</param>
    /// <param name="layerCount">Transformer blocks, likewise.</param>
    /// <param name="headCount">N, likewise.</param>
    public IReadOnlyList<AttentionProblem> Validate(int? stepCount = null, int? layerCount = null, int? headCount = null) =>
        new AttentionRules(this).Check(stepCount, layerCount, headCount);

    private string DescribeThreshold() => Thresholds is { } found
        ? FormattableString.Invariant($"{found.Layers.Min(layer => layer.Min()):0.###}…{found.Layers.Max(layer => layer.Max()):0.###}")
        : Threshold.IsUniform
        ? FormattableString.Invariant($"{Threshold.Values[0]}")
        : FormattableString.Invariant($"{Threshold.Values.Min()}…{Threshold.Values.Max()}");
}
