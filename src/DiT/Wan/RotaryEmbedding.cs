using TorchSharp;
using XVideo.DiT.Common;
using static TorchSharp.torch;

namespace XVideo.DiT.Wan;

/// <summary>
/// Three-dimensional rotary position embedding: the pairs of a head are divided among time, rows and columns, and each pair is turned by an
/// angle proportional to the token's place on its axis. Source: Su et al. 2021 (arXiv 2104.09864); the division is Wan 2.1's.
/// </summary>
/// <param name="Cos">[S, D/2] float32.</param>
/// <param name="Sin">[S, D/2] float32.</param>
internal sealed record RotaryEmbedding(Tensor Cos, Tensor Sin) : IDisposable
{
    private const double Theta = 10_000;

    private readonly Lazy<(float[] Cos, float[] Sin)> _onHost = new(() => (FusedRows.Values(Cos), FusedRows.Values(Sin)));

    /// <summary>Angles of every token of a grid, time slowest; computed in float64 on the host.</summary>
    public static RotaryEmbedding Create(int headDim, int frames, int rows, int columns, Device device)
    {
        var spatial = 2 * (headDim / 6);
        int[] axisDims = [headDim - (2 * spatial), spatial, spatial];
        var pairs = headDim / 2;
        var tokens = frames * rows * columns;
        var cos = new float[tokens * pairs];
        var sin = new float[tokens * pairs];
        for (var token = 0; token < tokens; token++)
        {
            int[] place = [token / (rows * columns), token / columns % rows, token % columns];
            var at = token * pairs;
            for (var axis = 0; axis < 3; axis++)
                for (var pair = 0; pair < axisDims[axis] / 2; pair++)
                {
                    var angle = place[axis] * Math.Pow(Theta, -2.0 * pair / axisDims[axis]);
                    (sin[at], cos[at]) = ((float)Math.Sin(angle), (float)Math.Cos(angle));
                    at++;
                }
        }
        return new RotaryEmbedding(Table(cos), Table(sin));

        Tensor Table(float[] values)
        {
            using var flat = tensor(values, device: device);
            return flat.reshape(tokens, pairs);
        }
    }

    /// <summary>Turns every pair (x[2i], x[2i+1]) of [B, S, N, D]; float32 inside, the type of x outside.</summary>
    public Tensor Apply(Tensor x_bsnd)
    {
        using var scope = NewDisposeScope();
        if (is_grad_enabled()) return AsComplex(x_bsnd).MoveToOuterDisposeScope();
        var wide = x_bsnd.to(ScalarType.Float32).unflatten(-1, Cos.size(-1), 2);
        var (even, odd) = (wide.select(-1, 0), wide.select(-1, 1));
        var (cos, sin) = (Cos.unsqueeze(1), Sin.unsqueeze(1));
        var turned = stack([(even * cos) - (odd * sin), (even * sin) + (odd * cos)], -1);
        return turned.flatten(-2).to(x_bsnd.dtype).MoveToOuterDisposeScope();
    }

    // One product of complex numbers instead of four products and two sums, each with its own backward pass.
    private Tensor AsComplex(Tensor x_bsnd)
    {
        var turns = view_as_complex(stack([Cos, Sin], -1)).unsqueeze(1);                                                       // [S, 1, D/2]
        var pairs = view_as_complex(x_bsnd.to(ScalarType.Float32).unflatten(-1, Cos.size(-1), 2).contiguous());   // [B, S, N, D/2]
        return view_as_real(pairs * turns).flatten(-2).to(x_bsnd.dtype);
    }

    /// <summary>The same for one row [N·D] of a token.</summary>
    /// <param name="tokens">Tokens S of the grid; rows go through them again and again.</param>
    public FusedRows.Operation OnRows(int tokens)
    {
        var (cos, sin) = _onHost.Value;
        var pairs = cos.Length / tokens;
        return (row, values, scratch) =>
        {
            var start = row % tokens * pairs;
            var cosines = scratch[..(2 * pairs)];
            var sines = scratch.Slice(2 * pairs, 2 * pairs);
            for (var pair = 0; pair < pairs; pair++)
            {
                cosines[2 * pair] = cosines[(2 * pair) + 1] = cos[start + pair];
                sines[(2 * pair) + 1] = sin[start + pair];
                sines[2 * pair] = -sin[start + pair];
            }
            RowMath.Rotate(values, cosines, sines);
        };
    }

    public void Dispose()
    {
        Cos.Dispose();
        Sin.Dispose();
    }
}
