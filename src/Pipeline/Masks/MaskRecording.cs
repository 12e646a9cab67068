namespace XVideo.Pipeline.Masks;

/// <summary>What sparse attention looked at in one step of one video, pass of the prompt, with the video itself.</summary>
public sealed record MaskRecording
{
    /// <summary>Denoising step, from 0.</summary>
    public required int Step { get; init; }

    /// <summary>The sparse layers, in order.</summary>
    public required IReadOnlyList<LayerMask> Layers { get; init; }

    /// <summary>Tokens of a block.</summary>
    public required int BlockSize { get; init; }

    /// <summary>Latent frames, and rows and columns of tokens in each.</summary>
    public required (int Frames, int Rows, int Columns) Grid { get; init; }

    /// <summary>One picture for each latent frame, its last: rgb24 rows.</summary>
    public required IReadOnlyList<byte[]> Pictures { get; init; }

    /// <summary>Width of a picture, pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of a picture, pixels.</summary>
    public required int Height { get; init; }

    /// <summary>How self-attention was computed, one line.</summary>
    public required string Summary { get; init; }
}
