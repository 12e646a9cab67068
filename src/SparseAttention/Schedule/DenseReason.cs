namespace XVideo.SparseAttention.Schedule;

/// <summary>Why a call of a sparse method is dense all the same, in the words of the report.</summary>
public static class DenseReason
{
    /// <summary>Dense attention was asked for.</summary>
    public const string Method = "method";

    /// <summary>The sequence has fewer than <see cref="AttentionSchedule.FewestBlocks"/> blocks: there is nothing to choose.</summary>
    public const string FewTokens = "few tokens";

    /// <summary>One of the first steps.</summary>
    public const string Warmup = "warm-up";

    /// <summary>One of the layers at the input.</summary>
    public const string FirstLayers = "first layers";

    /// <summary>One of the layers at the output.</summary>
    public const string LastLayers = "last layers";
}
