using XVideo.Metrics.Networks.Files;
using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Raft;

/// <summary>RAFT (the large one): where every pixel of a frame is in the next frame.</summary>
/// <remarks>
/// Keeps all pairs of places in memory, 4/3·(H·W/64)² float32 numbers: 1.1 GB at 1280x720, 15 MB at 256x192.
/// Source: Teed and Deng 2020 (arXiv 2003.12039); parameter names are those of the published files.
/// </remarks>
public sealed class RaftModel : MetricNetwork
{
    /// <summary>Rows and columns that a frame needs at least.</summary>
    public const int SmallestSide = (Coarseness * CorrelationPyramid.SmallestMap) - Coarseness + 1;

    private const int Coarseness = 8, Radius = 4, Rounds = 20, LookedUp = 4 * 81;
    private const long Hidden = 128;
    private const string Distributed = "module.";

    private readonly RaftEncoder _features, _context;
    private readonly RaftMotionEncoder _motion;
    private readonly SeparableGru _unit;
    private readonly Convolution _step1, _step2;
    private readonly ConvexUpsampling _upsampling;

    /// <summary>Builds the network on its parameters.</summary>
    public RaftModel(Weights weights)
    {
        _features = new RaftEncoder(weights["fnet"], ChannelNorms.Instance);
        _context = new RaftEncoder(weights["cnet"], ChannelNorms.Batch);
        var update = weights["update_block"];
        _motion = new RaftMotionEncoder(update["encoder"], LookedUp);
        _unit = new SeparableGru(update["gru"], Hidden, 2 * Hidden);
        (_step1, _step2) = (new Convolution(update["flow_head"]["conv1"], Hidden, 256, 3), new Convolution(update["flow_head"]["conv2"], 256, 2, 3));
        _upsampling = new ConvexUpsampling(update["mask"], Hidden);
    }

    /// <summary>Loads the published network.</summary>
    /// <param name="path"><c>raft-things.pth</c>, or its tensors in a safetensors file, with or without the prefix <c>module.</c></param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged or of another network.</exception>
    public static RaftModel Load(string path, Device device)
    {
        var file = new NetworkFile(PublishedFile.Raft.FileName, "the large RAFT of optical flow", IsIgnored);
        var (model, source) = NetworkWeights.Load(path, file, device, (weights, keys) =>
            new RaftModel(keys.Keys.Any(key => key.StartsWith(Distributed, StringComparison.Ordinal)) ? weights["module"] : weights));
        return Own(model, source);
    }

    /// <summary>The flow from one frame to the next.</summary>
    /// <param name="first">[1, 3, H, W] float32 from 0 to 255, H and W at least 121, on the network's device.</param>
    /// <param name="second">The same shape.</param>
    /// <returns>
    /// [1, 2, H', W'] in pixels: x to the right, then y down. H' and W' are H and W brought to multiples of 8 by repeating the outer pixels;
    /// VBench measures them with that padding, half of it (rounded down) before the picture.
    /// </returns>
    /// <exception cref="ArgumentException">The shapes differ or are not allowed.</exception>
    public Tensor Flow(Tensor first, Tensor second)
    {
        FramePadding.CheckPair(first, second, Coarseness, Coarseness * CorrelationPyramid.SmallestMap);
        using var scope = NewDisposeScope();
        var padding = FramePadding.For(first.size(2), first.size(3), Coarseness);
        var (from, to) = (Stretch(padding.Add(first)), Stretch(padding.Add(second)));
        var pyramid = CorrelationPyramid.Of(_features.Forward(from), _features.Forward(to), Radius);
        var context = _context.Forward(from);
        var state = context.narrow(1, 0, Hidden).tanh();
        var guide = nn.functional.relu(context.narrow(1, Hidden, Hidden));
        var own = PixelGrid.Places(context.size(2), context.size(3), context.device);
        var flow = zeros_like(own);
        for (var round = 0; round < Rounds; round++)
        {
            using var roundScope = NewDisposeScope();
            var motion = _motion.Forward(flow, pyramid.LookUp(own + flow));
            var next = _unit.Forward(state, cat([guide, motion], 1));
            state.Dispose();
            state = next.MoveToOuterDisposeScope();
            flow.add_(_step2.Forward(nn.functional.relu(_step1.Forward(state), inplace: true)));
        }
        return _upsampling.Forward(state, flow).MoveToOuterDisposeScope();
    }

    private static Tensor Stretch(Tensor x)
    {
        using (x) return (x / 255 * 2) - 1;
    }

    // The norm of a strided shortcut is stored under two names; counts of training steps do not matter.
    private static bool IsIgnored(string key) => key.Contains(".norm3.", StringComparison.Ordinal) || key.EndsWith("num_batches_tracked", StringComparison.Ordinal);
}
