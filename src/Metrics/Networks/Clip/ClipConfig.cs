namespace XVideo.Metrics.Networks.Clip;

/// <summary>Sizes of a CLIP model. Source: the shapes of the published files; Radford et al. 2021 (arXiv 2103.00020).</summary>
public sealed record ClipConfig
{
    /// <summary>The published file's name, for messages.</summary>
    public required string FileName { get; init; }

    /// <summary>The transformer over image patches.</summary>
    public required ClipTowerConfig Image { get; init; }

    /// <summary>The transformer over text tokens.</summary>
    public required ClipTowerConfig Text { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Patches along each side of an image.</summary>
    public required int GridSize { get; init; }

    /// <summary>Length of the vectors that images and texts are compared by.</summary>
    public required int EmbeddingDim { get; init; }

    /// <summary>Number of token ids.</summary>
    public int VocabularySize { get; init; } = 49408;

    /// <summary>Tokens of every text, padding included.</summary>
    public int ContextLength { get; init; } = 77;

    /// <summary>The id of the end mark, whose position holds a text's vector.</summary>
    public int EndId { get; init; } = 49407;

    /// <summary>Side of the images in pixels.</summary>
    public int ImageSize => PatchSize * GridSize;

    /// <summary>ViT-B/32: background consistency and appearance style.</summary>
    public static ClipConfig ViTB32 { get; } = new()
    {
        FileName = PublishedFile.ClipB32.FileName, Image = new(768, 12, 12, 3072), Text = new(512, 12, 8, 2048), PatchSize = 32, GridSize = 7, EmbeddingDim = 512,
    };

    /// <summary>ViT-L/14: aesthetic quality.</summary>
    public static ClipConfig ViTL14 { get; } = new()
    {
        FileName = PublishedFile.ClipL14.FileName, Image = new(1024, 24, 16, 4096), Text = new(768, 12, 12, 3072), PatchSize = 14, GridSize = 16, EmbeddingDim = 768,
    };
}
