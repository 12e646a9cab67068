using XVideo.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // https://pytorch.org/docs/stable/nn.functional.html#normalization-functions, besides layer_norm and normalize
        public static partial class functional
        {
            /// <summary>(x − mean) / √(variance + ε) · weight + bias for each channel, with the given statistics.</summary>
            /// <remarks>Only inference is supported: <paramref name="training"/> must be false.</remarks>
            public static Tensor batch_norm(
                Tensor input, Tensor running_mean, Tensor running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1E-05) => training
                ? throw new NotSupportedException("batch_norm supports inference only: training must be false.")
                : Operator.Call("batch_norm", input, weight, bias, running_mean, running_var, false, momentum, eps, true);

            /// <summary>The same with the statistics of each picture's own channel.</summary>
            public static Tensor instance_norm(
                Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null,
                bool use_input_stats = true, double momentum = 0.1, double eps = 1E-05) =>
                Operator.Call("instance_norm", input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);

            /// <summary>The same with the statistics of each group of neighbouring channels.</summary>
            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1E-05) =>
                Operator.Call("group_norm", input, num_groups, weight, bias, eps, true);
        }
    }
}
