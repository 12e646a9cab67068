using XVideo.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction { None = 0, Mean = 1, Sum = 2 }

        // https://pytorch.org/docs/stable/nn.functional.html
        public static partial class functional
        {
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? InPlace("silu_", x) : x.silu();

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? InPlace("relu_", x) : Operator.Call("relu", x);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false)
            {
                if (!inplace) return Operator.Call("leaky_relu", input, (Scalar)negative_slope);
                Operator.Run("leaky_relu_", input, (Scalar)negative_slope);
                return input;
            }

            public static Tensor prelu(Tensor input, Tensor weight) => Operator.Call("prelu", input, weight);

            public static Tensor gelu(Tensor x, Modules.GELU.Approximate approximate, bool inplace = false) => inplace
                ? throw new NotSupportedException("gelu in place is not supported.")
                : Operator.Call("gelu", x, approximate == Modules.GELU.Approximate.tanh ? "tanh" : "none");

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Operator.Call("layer_norm", input, normalized_shape, weight, bias, eps);

            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using var norm = Operator.Call("norm.ScalarOpt_dim", input, (Scalar)p, (long[])[dim], true);
                using var safe = norm.clamp((Scalar)eps);
                return input.div(safe);
            }

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Constant or PaddingModes.Zeros => Operator.Call("constant_pad_nd", input, pad, (Scalar)value),
                PaddingModes.Replicate when pad.Length == 4 => Operator.Call("replication_pad2d", input, pad),
                PaddingModes.Replicate when pad.Length == 6 => Operator.Call("replication_pad3d", input, pad),
                PaddingModes.Reflect when pad.Length == 4 => Operator.Call("reflection_pad2d", input, pad),
                _ => throw new NotSupportedException($"pad with mode {mode} and {pad.Length} numbers is not supported."),
            };

            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false) => mode switch
            {
                InterpolationMode.Nearest when x.ndim == 4 => Operator.Call("upsample_nearest2d.vec", x, size, scale_factor),
                InterpolationMode.NearestExact when x.ndim == 4 => Operator.Call("_upsample_nearest_exact2d.vec", x, size, scale_factor),
                InterpolationMode.Bilinear when antialias => Operator.Call("_upsample_bilinear2d_aa.vec", x, size, align_corners ?? false, scale_factor),
                InterpolationMode.Bilinear => Operator.Call("upsample_bilinear2d.vec", x, size, align_corners ?? false, scale_factor),
                _ => throw new NotSupportedException($"interpolate with mode {mode} on {x.ndim} dimensions is not supported."),
            };

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Operator.Call("mse_loss", input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Operator.Call("l1_loss", input, target, (long)reduction);

            private static Tensor InPlace(string name, Tensor x)
            {
                Operator.Run(name, x);
                return x;
            }
        }
    }
}
