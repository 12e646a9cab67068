namespace XVideo.Pipeline.Requests;

/// <summary>What sizes a model can compute at all.</summary>
/// <param name="SizeMultiple">Width and height must be multiples of this: VAE reduction × patch size, 16 for Wan 2.1.</param>
/// <param name="TemporalFactor">Frames must be this × k + 1: the VAE keeps the first frame and folds this many of the others into one, 4 for Wan 2.1.</param>
/// <param name="MaxPositions">Length of the rotary position table: most latent frames, and most patches along each side; 1024 for Wan 2.1.</param>
/// <param name="MaxTokens">Most video tokens (latent frames × patches of one) in one pass of the transformer.</param>
public sealed record ModelLimits(int SizeMultiple, int TemporalFactor, int MaxPositions, long MaxTokens)
{
    // The largest side that every video container can hold (VP8's 14 bits).
    private const int LargestContainerSide = 16383;

    /// <summary>The limits of Wan 2.1.</summary>
    public static ModelLimits Wan { get; } = new(SizeMultiple: 16, TemporalFactor: 4, MaxPositions: 1024, MaxTokens: DefaultMaxTokens);

    /// <summary>2^20: about ten times a 5 s clip in 720p. More would only ever run out of memory, hours later.</summary>
    public const long DefaultMaxTokens = 1 << 20;

    /// <summary>Blocks of the transformer; <see langword="null"/> when unknown.</summary>
    public int? LayerCount { get; init; }

    /// <summary>Heads of its attention, N; <see langword="null"/> when unknown.</summary>
    public int? HeadCount { get; init; }

    /// <summary>Largest legal width or height, pixels.</summary>
    public int MaximumSide => Math.Min(MaxPositions, LargestContainerSide / SizeMultiple) * SizeMultiple;

    /// <summary>Largest legal number of frames.</summary>
    public int MaximumFrameCount => checked((MaxPositions - 1) * TemporalFactor + 1);

    /// <summary>Latent frames of a clip.</summary>
    public int LatentFrames(int frameCount) => (frameCount - 1) / TemporalFactor + 1;

    /// <summary>Video tokens of one clip.</summary>
    public long Tokens(int width, int height, int frameCount) =>
        (long)LatentFrames(frameCount) * (width / SizeMultiple) * (height / SizeMultiple);
}
