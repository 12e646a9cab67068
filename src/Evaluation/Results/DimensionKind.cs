namespace XVideo.Evaluation.Results;

/// <summary>Whose definition a dimension follows.</summary>
public enum DimensionKind
{
    /// <summary>VBench's, under VBench's name.</summary>
    VBench,

    /// <summary>Our own, without any network; comparable only with itself.</summary>
    Classical,

    /// <summary>The pixel judge's: prompts of the default model's domain, read from the pixels.</summary>
    PixelJudge,
}
