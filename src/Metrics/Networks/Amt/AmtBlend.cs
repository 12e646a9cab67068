using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>Puts the middle frame together from three guesses, each with flows, a mask and a remainder of its own.</summary>
internal sealed class AmtBlend(Weights weights)
{
    /// <summary>Number of guesses.</summary>
    public const int GuessCount = 3;

    private readonly Convolution _first = new(weights[0], 3 * GuessCount, 6 * GuessCount, 3);
    private readonly Tensor _slopes = weights[1].Get("weight", 6 * GuessCount);
    private readonly Convolution _second = new(weights[2], 6 * GuessCount, 3, 3);

    /// <param name="decoded">[1, 24, H, W]: corrections of 3 flows to the first frame, of 3 to the second, 3 masks, 3 remainders of 3 channels.</param>
    /// <param name="flows">The flows that the corrections belong to, [1, 4, H, W].</param>
    /// <param name="first">[1, 3, H, W], less the mean.</param>
    /// <param name="second">The same.</param>
    /// <param name="mean">What was taken off, [1, 1, 1, 1].</param>
    /// <returns>[1, 3, H, W], not yet cut to 0..1.</returns>
    public Tensor Forward(Tensor decoded, Tensor flows, Tensor first, Tensor second, Tensor mean)
    {
        using var scope = NewDisposeScope();
        var (toFirst, toSecond) = (flows.narrow(1, 0, 2), flows.narrow(1, 2, 2));
        var masks = decoded.narrow(1, 4 * GuessCount, GuessCount).sigmoid();
        var guesses = new List<Tensor>();
        for (var guess = 0; guess < GuessCount; guess++)
        {
            var fromFirst = PixelGrid.Warp(first, toFirst + decoded.narrow(1, 2 * guess, 2));
            var fromSecond = PixelGrid.Warp(second, toSecond + decoded.narrow(1, 2 * (GuessCount + guess), 2));
            var mask = masks.narrow(1, guess, 1);
            guesses.Add((mask * fromFirst) + ((1 - mask) * fromSecond) + mean + decoded.narrow(1, (5 * GuessCount) + (3 * guess), 3));
        }
        var refined = _second.Forward(nn.functional.prelu(_first.Forward(cat(guesses, 1)), _slopes));
        return (stack(guesses).mean([0]) + refined).MoveToOuterDisposeScope();
    }
}
