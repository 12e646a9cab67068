using XVideo.Torch;

namespace TorchSharp;

// https://pytorch.org/docs/stable/torch.html#locally-disabling-gradient-computation
public static partial class torch
{
    public static bool is_grad_enabled() => Libtorch.Native.GradEnabled();

    public static IDisposable no_grad() => new GradientMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradientMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradientMode(mode);

    public sealed partial class Tensor
    {
        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>The gradient that <see cref="backward"/> accumulated here, or null before the first.</summary>
        public Tensor? grad
        {
            get
            {
                var handle = Libtorch.Native.Grad(Handle);
                GC.KeepAlive(this);
                return handle != 0 ? new Tensor(handle) : null;
            }
            set
            {
                Libtorch.Native.SetGrad(Handle, value?.Handle ?? 0);
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            if (create_graph || inputs is not null || grad_tensors is { Count: > 1 })
                throw new NotSupportedException("backward() supports one gradient tensor, no create_graph and no inputs.");
            Libtorch.Native.Backward(Handle, grad_tensors is { Count: 1 } ? grad_tensors[0].Handle : 0, retain_graph);
            GC.KeepAlive(this);
            GC.KeepAlive(grad_tensors);
        }
    }

    // Gradient mode belongs to the thread, as in libtorch: dispose on the thread that created it.
    private sealed class GradientMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        public GradientMode(bool enabled) => Libtorch.Native.SetGradEnabled(enabled);

        public void Dispose() => Libtorch.Native.SetGradEnabled(_before);
    }
}
