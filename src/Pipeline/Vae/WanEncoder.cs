using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Video to the moments of its latents.</summary>
internal sealed class WanEncoder
{
    private readonly CausalConv3d _input;
    private readonly List<Func<Tensor, FrameCache?, Tensor>> _down = [];
    private readonly MiddleBlock _middle;
    private readonly ChannelNorm _norm;
    private readonly CausalConv3d _output;

    public WanEncoder(WanVaeConfig config, Weights weights)
    {
        var channels = config.BaseDim;
        _input = new(weights["conv_in"], config.InChannels, channels, 3, 3);
        var down = weights["down_blocks"];
        for (var level = 0; level < config.DimMult.Count; level++)
        {
            var wanted = config.BaseDim * config.DimMult[level];
            for (var block = 0; block < config.NumResBlocks; block++)
            {
                _down.Add(new ResidualBlock(down[_down.Count], channels, wanted).Forward);
                channels = wanted;
            }
            if (level < config.TemporalDownsample.Count)
                _down.Add(new Downsample(down[_down.Count], channels, config.TemporalDownsample[level]).Forward);
        }
        _middle = new(weights["mid_block"], channels);
        _norm = new(weights["norm_out"], channels);
        _output = new(weights["conv_out"], channels, 2 * config.ZDim, 3, 3);
    }

    public Tensor Forward(Tensor x, FrameCache? cache)
    {
        using var scope = NewDisposeScope();
        x = _input.Forward(x, cache);
        foreach (var layer in _down) x = Replace(x, layer(x, cache));
        x = Replace(x, _middle.Forward(x, cache));
        return _output.Forward(_norm, x, cache).MoveToOuterDisposeScope();
    }

    // Frees a layer's input early; where gradients are wanted, their graph holds what it needs by itself.
    private static Tensor Replace(Tensor input, Tensor output)
    {
        input.Dispose();
        return output;
    }
}
