using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Latents to video.</summary>
internal sealed class WanDecoder
{
    private readonly CausalConv3d _input;
    private readonly MiddleBlock _middle;
    private readonly List<Func<Tensor, FrameCache?, Tensor>> _up = [];
    private readonly ChannelNorm _norm;
    private readonly CausalConv3d _output;

    public WanDecoder(WanVaeConfig config, Weights weights)
    {
        var levels = config.DimMult.Count;
        var channels = config.DecoderBaseDim * config.DimMult[^1];
        _input = new(weights["conv_in"], config.ZDim, channels, 3, 3);
        _middle = new(weights["mid_block"], channels);
        for (var level = 0; level < levels; level++)
        {
            var up = weights["up_blocks"][level];
            var wanted = config.DecoderBaseDim * config.DimMult[levels - 1 - level];
            for (var block = 0; block <= config.NumResBlocks; block++)
            {
                _up.Add(new ResidualBlock(up["resnets"][block], channels, wanted).Forward);
                channels = wanted;
            }
            if (level == levels - 1) break;
            _up.Add(new Upsample(up["upsamplers"][0], channels, config.TemporalDownsample[levels - 2 - level]).Forward);
            channels /= 2;
        }
        _norm = new(weights["norm_out"], channels);
        _output = new(weights["conv_out"], channels, config.OutChannels, 3, 3);
    }

    public Tensor Forward(Tensor x, FrameCache? cache)
    {
        using var scope = NewDisposeScope();
        x = _input.Forward(x, cache);
        x = Replace(x, _middle.Forward(x, cache));
        foreach (var layer in _up) x = Replace(x, layer(x, cache));
        return _output.Forward(_norm, x, cache).MoveToOuterDisposeScope();
    }

    // Frees a layer's input early; where gradients are wanted, their graph holds what it needs by itself.
    private static Tensor Replace(Tensor input, Tensor output)
    {
        input.Dispose();
        return output;
    }
}
