using XVideo.Metrics.Networks.Files;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks;

/// <summary>LAION's aesthetic predictor: one linear layer on the image vectors of CLIP ViT-L/14.</summary>
public sealed class AestheticHead : MetricNetwork
{
    private const int FeatureDim = 768;

    private readonly Tensor _weight, _bias;

    /// <summary>Builds the head on its parameters.</summary>
    public AestheticHead(Weights weights) => (_weight, _bias) = (weights.Get("weight", 1, FeatureDim), weights.Get("bias", 1));

    /// <summary>Loads the published head.</summary>
    /// <param name="path"><c>sa_0_4_vit_l_14_linear.pth</c>, or its tensors in a safetensors file.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged or of another network.</exception>
    public static AestheticHead Load(string path, Device device)
    {
        var file = new NetworkFile(PublishedFile.AestheticHead.FileName, "LAION's linear aesthetic head for CLIP ViT-L/14", _ => false);
        var (head, source) = NetworkWeights.Load(path, file, device, (weights, _) => new AestheticHead(weights));
        return Own(head, source);
    }

    /// <summary>The scores of some images, about 1 to 10 each.</summary>
    /// <param name="features">[B, 768] float32 from CLIP ViT-L/14, as it returns them; they are brought to length 1 here.</param>
    /// <returns>[B].</returns>
    public Tensor Forward(Tensor features)
    {
        if (features.ndim != 2 || features.size(1) != FeatureDim) throw new ArgumentException($"features must be [B, {FeatureDim}], got {features}.", nameof(features));
        using var scope = NewDisposeScope();
        return nn.functional.linear(nn.functional.normalize(features), _weight, _bias).flatten().MoveToOuterDisposeScope();
    }
}
