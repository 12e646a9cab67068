using XVideo.Metrics.Networks.Perceptual;

namespace XVideo.Metrics.Networks;

/// <summary>A weight file that others publish: what a metric needs, for finding it and for telling people which one is missing.</summary>
/// <param name="FileName">Its published name.</param>
/// <param name="Contents">What it is, in a few words.</param>
/// <param name="Home">Where it is published; nothing is ever downloaded.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal digits, or null where we do not know it.</param>
public sealed record PublishedFile(string FileName, string Contents, string Home, string? Sha256 = null)
{
    private const string Torchvision = "download.pytorch.org/models";
    private const string LpipsHome = "the Python package lpips, folder lpips/weights/v0.1";
    private const string ClipHome = "openaipublic.azureedge.net/clip/models";

    private const string VBenchHome = "huggingface.co/OpenGVLab/VBench_Used_Models";

    /// <summary>Subject consistency.</summary>
    public static PublishedFile Dino { get; } = new("dino_vitbase16_pretrain.pth", "DINO ViT-B/16", "dl.fbaipublicfiles.com/dino/dino_vitbase16_pretrain");

    /// <summary>Background consistency and appearance style.</summary>
    public static PublishedFile ClipB32 { get; } =
        new("ViT-B-32.pt", "CLIP ViT-B/32", ClipHome, "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af");

    /// <summary>Aesthetic quality.</summary>
    public static PublishedFile ClipL14 { get; } =
        new("ViT-L-14.pt", "CLIP ViT-L/14", ClipHome, "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836");

    /// <summary>Appearance style.</summary>
    public static PublishedFile ClipMerges { get; } = new("bpe_simple_vocab_16e6.txt.gz", "CLIP's byte-pair merges", "the Python package open-clip-torch or openai-clip");

    /// <summary>Aesthetic quality.</summary>
    public static PublishedFile AestheticHead { get; } = new(
        "sa_0_4_vit_l_14_linear.pth", "LAION's aesthetic head", "the repository LAION-AI/aesthetic-predictor", "2cd4e60f4f24ae3bcd57b847b13c1f3ba27edc28cc1a7f9ce74ee9f421243cba");

    /// <summary>Dynamic degree, and the static clips for temporal flickering.</summary>
    public static PublishedFile Raft { get; } = new("raft-things.pth", "RAFT trained on FlyingThings", "models.zip, which download_models.sh of the repository princeton-vl/RAFT names");

    /// <summary>Motion smoothness.</summary>
    public static PublishedFile Amt { get; } = new("amt-s.pth", "AMT-S", "huggingface.co/lalala125/AMT");

    /// <summary>Imaging quality.</summary>
    public static PublishedFile Musiq { get; } = new("musiq_spaq_ckpt-358bb6af.pth", "MUSIQ trained on SPAQ", "the release v0.1-weights of the repository chaofengc/IQA-PyTorch");

    /// <summary>Overall consistency and temporal style; with <see cref="ClipMerges"/>.</summary>
    public static PublishedFile ViClip { get; } = new("ViClip-InternVid-10M-FLT.pth", "ViCLIP L/14", VBenchHome);

    /// <summary>Human action.</summary>
    public static PublishedFile Umt { get; } = new("l16_ptk710_ftk710_ftk400_f16_res224.pth", "UMT ViT-L/16 on Kinetics-400", VBenchHome);

    /// <summary>Human action: names of UMT's outputs.</summary>
    public static PublishedFile ActionLabels { get; } = new("kinetics_400_categories.txt", "Kinetics-400's actions", "the Python package vbench, folder third_party/umt");

    /// <summary>The network of an LPIPS.</summary>
    public static PublishedFile LpipsTrunkOf(LpipsTrunk trunk) => new(TrunkLayers.FileName(trunk), $"the trunk '{NameOf(trunk)}' of LPIPS", Torchvision);

    /// <summary>The head of an LPIPS.</summary>
    public static PublishedFile LpipsHeadOf(LpipsTrunk trunk) => new($"{NameOf(trunk)}.pth", $"the head '{NameOf(trunk)}' of LPIPS 0.1", LpipsHome, trunk switch
    {
        LpipsTrunk.Alex => "df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0",
        LpipsTrunk.Vgg => "a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868",
        _ => "4a5350f23600cb79923ce65bb07cbf57dca461329894153e05a1346bd531cf76",
    });

    /// <summary>The file in a folder, under its own name or, converted, with the ending <c>.safetensors</c>; null if neither is there.</summary>
    public string? Find(string folder) =>
        ((string[])[FileName, Path.ChangeExtension(FileName, ".safetensors")]).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>For a list of what could not be computed: the name, what it is and where it is published.</summary>
    public override string ToString() => $"{FileName} ({Contents}; published at {Home})";

    private static string NameOf(LpipsTrunk trunk) => trunk.ToString().ToLowerInvariant();
}
