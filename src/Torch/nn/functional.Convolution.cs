using XVideo.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // https://pytorch.org/docs/stable/nn.functional.html#convolution-functions
        public static partial class functional
        {
            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Convolution("conv2d", 2, input, weight, bias, strides, padding, dilation, groups);

            public static Tensor conv3d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Convolution("conv3d", 3, input, weight, bias, strides, padding, dilation, groups);

            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Operator.Call("conv_transpose2d.input", input, weight, bias, strides ?? Repeated(1, 2), padding ?? Repeated(0, 2), output_padding ?? Repeated(0, 2), groups,
                    dilation ?? Repeated(1, 2));

            private static Tensor Convolution(
                string name, int dimensions, Tensor input, Tensor weight, Tensor? bias, long[]? strides, long[]? padding, long[]? dilation, long groups)
            {
                strides ??= Repeated(1, dimensions);
                padding ??= Repeated(0, dimensions);
                dilation ??= Repeated(1, dimensions);
                // libtorch sends small channel counts to a plain loop that is 4 to 9 times slower than oneDNN (measured: docs/performance.md),
                // so inference on the CPU names oneDNN's operator itself. It has no gradient, hence the test.
                return NeedsNoGradient(input, weight) && input.device_type == DeviceType.CPU && (input.dtype is ScalarType.Float32 or ScalarType.BFloat16)
                    ? Operator.Call("mkldnn_convolution", input, weight, bias, padding, strides, dilation, groups)
                    : Operator.Call(name, input, weight, bias, strides, padding, dilation, groups);
            }

            private static bool NeedsNoGradient(Tensor input, Tensor weight) => !(is_grad_enabled() && (input.requires_grad || weight.requires_grad));

            private static long[] Repeated(long value, int count) => Enumerable.Repeat(value, count).ToArray();
        }
    }
}
