using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Perceptual;

/// <summary>The layers of a trunk in order, each with whether LPIPS looks at what it gives. Positions are those of torchvision's <c>features</c>.</summary>
internal static class TrunkLayers
{
    /// <summary>One layer.</summary>
    /// <param name="Forward">[B, C, H, W] to the same kind.</param>
    /// <param name="TapChannels">Channels, where LPIPS compares the result; 0 where it does not.</param>
    public readonly record struct Layer(Func<Tensor, Tensor> Forward, int TapChannels = 0);

    /// <summary>The name of the published file.</summary>
    public static string FileName(LpipsTrunk trunk) => trunk switch
    {
        LpipsTrunk.Alex => "alexnet-owt-7be5be79.pth",
        LpipsTrunk.Vgg => "vgg16-397923af.pth",
        LpipsTrunk.Squeeze => "squeezenet1_1-b8a52dc0.pth",
        _ => throw new ArgumentOutOfRangeException(nameof(trunk), trunk, "unknown trunk"),
    };

    /// <summary>Takes a trunk's parameters; those of its classifier are left.</summary>
    public static Layer[] Build(LpipsTrunk trunk, Weights weights) => trunk switch
    {
        LpipsTrunk.Alex => [.. Alex(weights["features"])],
        LpipsTrunk.Vgg => [.. Vgg(weights["features"])],
        LpipsTrunk.Squeeze => [.. Squeeze(weights["features"])],
        _ => throw new ArgumentOutOfRangeException(nameof(trunk), trunk, "unknown trunk"),
    };

    private static IEnumerable<Layer> Alex(Weights features)
    {
        yield return new(new ConvolutionLayer(features[0], 3, 64, 11, 4, 2).Forward, 64);
        yield return Pool(3);
        yield return new(new ConvolutionLayer(features[3], 64, 192, 5, 1, 2).Forward, 192);
        yield return Pool(3);
        yield return new(new ConvolutionLayer(features[6], 192, 384, 3, 1, 1).Forward, 384);
        yield return new(new ConvolutionLayer(features[8], 384, 256, 3, 1, 1).Forward, 256);
        yield return new(new ConvolutionLayer(features[10], 256, 256, 3, 1, 1).Forward, 256);
    }

    private static IEnumerable<Layer> Vgg(Weights features)
    {
        var (position, inputs) = (0, 3);
        foreach (var (channels, depth) in new[] { (64, 2), (128, 2), (256, 3), (512, 3), (512, 3) })
        {
            if (position > 0)
            {
                yield return Pool(2);
                position++;
            }
            for (var i = 1; i <= depth; i++)
            {
                yield return new(new ConvolutionLayer(features[position], inputs, channels, 3, 1, 1).Forward, i == depth ? channels : 0);
                inputs = channels;
                position += 2;   // the ReLU has a position of its own
            }
        }
    }

    private static IEnumerable<Layer> Squeeze(Weights features)
    {
        yield return new(new ConvolutionLayer(features[0], 3, 64, 3, 2, 0).Forward, 64);
        yield return Pool(3, keepsRest: true);
        yield return new(new FireLayer(features[3], 64, 16, 64).Forward);
        yield return new(new FireLayer(features[4], 128, 16, 64).Forward, 128);
        yield return Pool(3, keepsRest: true);
        yield return new(new FireLayer(features[6], 128, 32, 128).Forward);
        yield return new(new FireLayer(features[7], 256, 32, 128).Forward, 256);
        yield return Pool(3, keepsRest: true);
        yield return new(new FireLayer(features[9], 256, 48, 192).Forward, 384);
        yield return new(new FireLayer(features[10], 384, 48, 192).Forward, 384);
        yield return new(new FireLayer(features[11], 384, 64, 256).Forward, 512);
        yield return new(new FireLayer(features[12], 512, 64, 256).Forward, 512);
    }

    private static Layer Pool(long side, bool keepsRest = false) => new(x => MaxPool.Forward(x, side, keepsRest));
}
