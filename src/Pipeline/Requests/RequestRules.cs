using XVideo.SparseAttention;
using XVideo.SparseAttention.Selectors.XAttention;

namespace XVideo.Pipeline.Requests;

/// <summary>The bounds of a request that hold for every model. Validation, help texts and the configuration page all read them here.</summary>
public static class RequestRules
{
    /// <summary>Longest prompt, UTF-16 characters.</summary>
    public const int MaximumPromptLength = 32_000;

    /// <summary>Most denoising steps: the noise schedule of the models has this many training steps.</summary>
    public const int MaximumSteps = 1000;

    /// <summary>Slowest frame rate, frames per second.</summary>
    public const double MinimumFrameRate = 1;

    /// <summary>Fastest frame rate, frames per second.</summary>
    public const double MaximumFrameRate = 120;

    /// <summary>Strongest guidance.</summary>
    public const double MaximumGuidanceScale = 100;

    /// <summary>Smallest flow shift: anything lower leaves no usable schedule.</summary>
    public const double MinimumFlowShift = 0.01;

    /// <summary>Largest flow shift.</summary>
    public const double MaximumFlowShift = 100;

    /// <summary>Largest seed, 2^53−1: the largest whole number that every JSON reader keeps exactly.</summary>
    public const long MaximumSeed = (1L << 53) - 1;

    /// <summary>Seeds chosen at random stay below this, so that they are short enough to type again.</summary>
    public const int RandomSeedLimit = int.MaxValue;

    /// <summary>Names of the attention methods, the default first.</summary>
    public static IReadOnlyList<string> Attentions => AttentionMethod.Names;

    /// <summary>Each attention method with what it does, for help texts.</summary>
    public static string AttentionDescription => string.Join(", ", AttentionMethod.All.Select(method => $"{method.Name} ({method.Description})"));

    /// <summary>Names of the attention backends, the default first.</summary>
    public static IReadOnlyList<string> AttentionBackends => AttentionOptions.Backends;

    /// <summary>Tokens of a block of attention.</summary>
    public static IReadOnlyList<int> BlockSizes => BlockLayout.BlockSizes;

    /// <summary>Strides of XAttention.</summary>
    public static IReadOnlyList<int> Strides => XAttentionSettings.Strides;

    /// <summary>What holds for attention where neither request nor model says anything.</summary>
    public static AttentionRequest AttentionDefaults { get; } = AttentionResolver.Request(new AttentionOptions());

    /// <summary>Names of the schedulers.</summary>
    public static IReadOnlyList<string> Schedulers { get; } = ["unipc", "euler", "dpm++"];
}
