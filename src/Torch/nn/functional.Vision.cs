using XVideo.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public enum GridSampleMode { Nearest = 0, Bilinear = 2 }

    public enum GridSamplePaddingMode { Zeros = 0, Reflection = 1, Border = 2 }

    public static partial class nn
    {
        // https://pytorch.org/docs/stable/nn.functional.html#vision-functions and #pooling-functions
        public static partial class functional
        {
            /// <summary>Values of <paramref name="input"/> at the places that <paramref name="grid"/> names.</summary>
            /// <param name="input">[B, C, H, W].</param>
            /// <param name="grid">[B, H', W', 2]: x, then y; −1 to 1 spans the picture.</param>
            /// <param name="mode">How a value between pixels is made.</param>
            /// <param name="padding_mode">What lies outside.</param>
            /// <param name="align_corners">Whether −1 and 1 are the centres of the outer pixels, or their outer edges (null means this).</param>
            /// <returns>[B, C, H', W'].</returns>
            public static Tensor grid_sample(
                Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null) =>
                Operator.Call("grid_sampler_2d", input, grid, mode == GridSampleMode.Bilinear ? 0L : 1L, Number(padding_mode), align_corners ?? false);

            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Operator.Call("avg_pool2d", input, (long[])[kernel_size, kernel_size], (long[])[stride ?? kernel_size, stride ?? kernel_size], (long[])[padding, padding],
                    ceil_mode, count_include_pad, divisor_override);

            // libtorch numbers them otherwise than TorchSharp.
            private static long Number(GridSamplePaddingMode mode) => mode switch
            {
                GridSamplePaddingMode.Zeros => 0,
                GridSamplePaddingMode.Border => 1,
                _ => 2,
            };
        }
    }
}
