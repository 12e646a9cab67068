using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Train.Optimization;

/// <summary>
/// The update of hidden matrices: their momentum with all singular values brought near 1, by five steps of a Newton-Schulz iteration, so that rare
/// directions are learnt as fast as common ones.
/// Sources: Jordan 2024 (kellerjordan.github.io/posts/muon) for method and coefficients; Liu et al. 2025 (arXiv 2502.16982) for the scale that lets it
/// share learning rate and weight decay with AdamW.
/// </summary>
internal static class Muon
{
    private const double Momentum = 0.95;
    private const int Steps = 5;
    private const double ScaleLikeAdam = 0.2;

    /// <summary>Adds the gradient to the momentum and returns what to take away from the parameters, per unit of learning rate.</summary>
    /// <param name="momentum">[count, rows, columns] float32, changed.</param>
    /// <param name="gradient">The same shape.</param>
    /// <returns>The same shape; its root mean square is about 0.2 for every matrix.</returns>
    public static Tensor Update(Tensor momentum, Tensor gradient)
    {
        momentum.mul_(Momentum).add_(gradient, 1 - Momentum);
        var ahead = (momentum * Momentum).add_(gradient, 1 - Momentum);   // Nesterov's
        return Orthogonalise(ahead) * (ScaleLikeAdam * Math.Sqrt(Math.Max(gradient.size(1), gradient.size(2))));
    }

    /// <summary>Nearest matrices of singular values near 1, for a stack of matrices of any scale. Computed in bfloat16 on a GPU.</summary>
    public static Tensor Orthogonalise(Tensor matrices)
    {
        using var scope = NewDisposeScope();
        var isTall = matrices.size(1) > matrices.size(2);
        var norm = matrices.square().sum([1, 2], keepdim: true).sqrt().add_(1e-12);
        var x = (matrices / norm).to(matrices.device_type == DeviceType.CUDA ? ScalarType.BFloat16 : ScalarType.Float32);
        if (isTall) x = x.transpose(1, 2);
        for (var step = 0; step < Steps; step++)
        {
            var square = x.matmul(x.transpose(1, 2));
            x = (x * 3.4445) + ((square * -4.7750) + (square.matmul(square) * 2.0315)).matmul(x);
        }
        if (isTall) x = x.transpose(1, 2);
        return x.to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
