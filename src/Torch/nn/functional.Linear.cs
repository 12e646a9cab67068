using XVideo.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // https://pytorch.org/docs/stable/nn.functional.html#linear-functions
        public static partial class functional
        {
            // Below about this many rows, preparing the convolution takes longer than it saves (measured between 48 and 128).
            private const long ConvolutionRows = 64;

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                IsFasterAsConvolution(input, weights) ? AsConvolution(input, weights, bias) : Operator.Call("linear", input, weights, bias);

            // Debian's libtorch multiplies float32 matrices with OpenBLAS, at half the rate of oneDNN on processors with AVX-512
            // (docs/performance.md). oneDNN's product cannot be called there, but its convolution can: rows are pixels, features channels.
            private static bool IsFasterAsConvolution(Tensor input, Tensor weights) =>
                input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32 && weights.dtype == ScalarType.Float32 && input.ndim >= 2
                && NeedsNoGradient(input, weights)
                && input.numel() >= ConvolutionRows * input.size(-1) && input.is_contiguous() && weights.ndim == 2;

            private static Tensor AsConvolution(Tensor input, Tensor weights, Tensor? bias)
            {
                using var scope = NewDisposeScope();
                var shape = input.size();
                var pixels = input.reshape(1, -1, 1, shape[^1]).permute(0, 3, 1, 2);   // [1, in, rows, 1], features innermost in memory
                var kernel = weights.unsqueeze(-1).unsqueeze(-1);                      // [out, in, 1, 1]
                var product = Operator.Call("mkldnn_convolution", pixels, kernel, bias, (long[])[0, 0], (long[])[1, 1], (long[])[1, 1], 1L);
                shape[^1] = weights.size(0);
                return product.permute(0, 2, 3, 1).reshape(shape).MoveToOuterDisposeScope();
            }
        }
    }
}
