using XVideo.Torch.Interop;

namespace TorchSharp;

// https://pytorch.org/docs/stable/torch.html#indexing-slicing-joining-mutating-ops
public static partial class torch
{
    public sealed partial class Tensor
    {
        public Tensor reshape(params long[] shape) => Operator.Call("reshape", this, shape);
        public Tensor view(params long[] shape) => Operator.Call("view", this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Operator.Call("flatten.using_ints", this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes)
        {
            var from = size();
            if (dim < 0) dim += from.Length;
            return reshape([.. from[..(int)dim], .. sizes, .. from[((int)dim + 1)..]]);
        }
        public Tensor permute(params long[] permutation) => Operator.Call("permute", this, permutation);
        public Tensor transpose(long dim0, long dim1) => Operator.Call("transpose.int", this, dim0, dim1);
        public Tensor unsqueeze(long dim) => Operator.Call("unsqueeze", this, dim);
        public Tensor squeeze(long? dim = null) => dim is { } d ? Operator.Call("squeeze.dim", this, d) : Operator.Call("squeeze", this);
        public Tensor expand(params long[] sizes) => Operator.Call("expand", this, sizes);
        public Tensor repeat(params long[] sizes) => Operator.Call("repeat", this, sizes);
        public Tensor narrow(long dim, long start, long length) => Operator.Call("narrow", this, dim, start, length);
        public Tensor slice(long dim, long start, long finish, long step) => Operator.Call("slice.Tensor", this, dim, start, finish, step);
        public Tensor select(long dim, long index) => Operator.Call("select.int", this, dim, index);
        public Tensor index_select(long dim, Tensor index) => Operator.Call("index_select", this, dim, index);
        public Tensor gather(long dim, Tensor index) => Operator.Call("gather", this, dim, index);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => InPlace("scatter_.src", dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => InPlace("scatter_add_", dim, index, src);
        public Tensor flip(params long[] dims) => Operator.Call("flip", this, dims);
        public Tensor roll(long shifts, long? dims = null) => Operator.Call("roll", this, (long[])[shifts], dims is { } d ? (long[])[d] : (long[])[]);
        public Tensor unfold(long dimension, long size, long step) => Operator.Call("unfold", this, dimension, size, step);
        public Tensor[] chunk(long chunks, long dim = 0) => Operator.CallMany("chunk", this, chunks, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => Operator.CallMany("split_with_sizes", this, sizes, dim);
        public Tensor[] unbind(long dimension = 0) => Operator.CallMany("unbind.int", this, dimension);

        public Tensor alias()
        {
            var shared = XVideo.Torch.Libtorch.Native.TensorShare(Handle);
            GC.KeepAlive(this);
            return new Tensor(shared);
        }

        public Tensor clone() => Operator.Call("clone", this);
        public Tensor contiguous() => Operator.Call("contiguous", this);
        public Tensor detach() => Operator.Call("detach", this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => InPlace("copy_", source, nonBlocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(Operator.Call("to.dtype", this, type, non_blocking, copy), disposeAfter);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(Operator.Call("to.device", this, device, dtype, non_blocking, copy), disposeAfter);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(Operator.Call("to.device", this, device, type, non_blocking, copy), disposeAfter);

        public Tensor cpu() => to(CPU);
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);
        public Tensor bfloat16() => to(ScalarType.BFloat16);
        public Tensor @float() => to(ScalarType.Float32);
        public Tensor @double() => to(ScalarType.Float64);

        private Tensor Converted(Tensor result, bool disposeAfter)
        {
            if (disposeAfter) Dispose();
            return result;
        }
    }

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Operator.Call("cat", tensors as Tensor[] ?? [.. tensors], dim);
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Operator.Call("stack", tensors.ToArray(), dim);
}
