using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.DiT.Common;

/// <summary>Sinusoidal features of the diffusion time. Source: Ho et al. 2020 (arXiv 2006.11239), with cosines first.</summary>
internal static class TimestepEmbedding
{
    private const double MaxPeriod = 10_000;

    /// <param name="timesteps">[B], in 0…1000, float32.</param>
    /// <param name="dimension">Features, even.</param>
    /// <returns>[B, dimension] float32: cosines, then sines.</returns>
    public static Tensor Compute(Tensor timesteps, int dimension)
    {
        using var scope = NewDisposeScope();
        var half = dimension / 2;
        var exponents = arange(half, ScalarType.Float32, timesteps.device) * (-Math.Log(MaxPeriod) / half);
        var angles = timesteps.to(ScalarType.Float32).unsqueeze(-1) * exponents.exp();
        return cat([angles.cos(), angles.sin()], -1).MoveToOuterDisposeScope();
    }
}
