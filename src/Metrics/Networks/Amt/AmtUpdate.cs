using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>Corrects features and flows of one scale by the correlations where the flows point to. Works at an eighth of the frame's size.</summary>
/// <param name="weights">The block's parameters.</param>
/// <param name="features">Channels of the features.</param>
/// <param name="factor">How much finer than an eighth the scale is: 1, 2 or 4.</param>
internal sealed class AmtUpdate(Weights weights, long features, int factor)
{
    private const long Hidden = 76, LookedUp = 2 * 4 * 49;
    private const double LeakySlope = 0.1;

    private readonly Convolution _correlation = new(weights["convc1"], LookedUp, 64, 1);
    private readonly Convolution _flow1 = new(weights["convf1"], 4, 40, 7);
    private readonly Convolution _flow2 = new(weights["convf2"], 40, 20, 3);
    private readonly Convolution _both = new(weights["conv"], 64 + 20, 68, 3);
    private readonly Convolution _body1 = new(weights["gru"][0], 68 + 4 + features, Hidden, 3);
    private readonly Convolution _body2 = new(weights["gru"][2], Hidden, Hidden, 3);
    private readonly Convolution _features1 = new(weights["feat_head"][0], Hidden, Hidden, 3);
    private readonly Convolution _features2 = new(weights["feat_head"][2], Hidden, features, 3);
    private readonly Convolution _step1 = new(weights["flow_head"][0], Hidden, Hidden, 3);
    private readonly Convolution _step2 = new(weights["flow_head"][2], Hidden, 4, 3);

    /// <param name="state">Features [1, features, H, W] and flows [1, 4, H, W] of the scale.</param>
    /// <param name="forth">Places of the first frame against those of the second.</param>
    /// <param name="back">The reverse.</param>
    /// <param name="own">The places themselves, [1, 2, H/factor, W/factor].</param>
    /// <returns>The corrected state.</returns>
    public AmtState Forward(AmtState state, CorrelationPyramid forth, CorrelationPyramid back, Tensor own)
    {
        using var scope = NewDisposeScope();
        var coarse = AmtState.Resize(state.Flows, 1.0 / factor) / factor;
        // At the middle the whole motion is twice the half that a flow covers.
        var (toFirst, toSecond) = (coarse.narrow(1, 0, 2) * 2, coarse.narrow(1, 2, 2) * 2);
        var seen = cat([forth.LookUp(own + toSecond), back.LookUp(own + toFirst)], 1);
        var moved = Leaky(_flow2, Leaky(_flow1, coarse));
        var joined = Leaky(_both, cat([Leaky(_correlation, seen), moved], 1));
        var body = _body2.Forward(Leaky(_body1, cat([joined, coarse, AmtState.Resize(state.Features, 1.0 / factor)], 1)));
        var features = state.Features + AmtState.Resize(_features2.Forward(Leaky(_features1, body)), factor);
        var flows = state.Flows + (AmtState.Resize(_step2.Forward(Leaky(_step1, body)), factor) * factor);
        return new AmtState(features.MoveToOuterDisposeScope(), flows.MoveToOuterDisposeScope());
    }

    private static Tensor Leaky(Convolution layer, Tensor x) => nn.functional.leaky_relu(layer.Forward(x), LeakySlope, inplace: true);
}
