using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Flow;

/// <summary>Makes the norm of one layer from the layer's parameters and channels; what it makes maps [B, C, H, W] to the same.</summary>
internal delegate Func<Tensor, Tensor> ChannelNorm(Weights weights, long channels);

/// <summary>The two norms of the flow networks.</summary>
internal static class ChannelNorms
{
    /// <summary>Statistics of each picture's own channel; no parameters.</summary>
    public static Func<Tensor, Tensor> Instance(Weights weights, long channels) => x => nn.functional.instance_norm(x);

    /// <summary>Statistics from training, with a gain and a bias.</summary>
    public static Func<Tensor, Tensor> Batch(Weights weights, long channels)
    {
        var (mean, variance) = (weights.Get("running_mean", channels), weights.Get("running_var", channels));
        var (gain, bias) = (weights.Get("weight", channels), weights.Get("bias", channels));
        return x => nn.functional.batch_norm(x, mean, variance, gain, bias);
    }
}
