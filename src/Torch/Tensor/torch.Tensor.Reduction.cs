using XVideo.Torch.Interop;

namespace TorchSharp;

// https://pytorch.org/docs/stable/torch.html#reduction-ops and #blas-and-lapack-operations
public static partial class torch
{
    public sealed partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Operator.Call("sum", this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Operator.Call("sum.dim_IntList", this, dim, keepdim, type);
        public Tensor mean() => Operator.Call("mean", this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Operator.Call("mean.dim", this, dimensions, keepdim, type);
        public Tensor max() => Operator.Call("max", this);
        public Tensor min() => Operator.Call("min", this);
        public Tensor amax(params long[] dims) => Operator.Call("amax", this, dims);
        public Tensor amin(params long[] dims) => Operator.Call("amin", this, dims);
        public Tensor argmax(long dim, bool keepdim = false) => Operator.Call("argmax", this, dim, keepdim);
        public Tensor cumsum(long dim, ScalarType? type = null) => Operator.Call("cumsum", this, dim, type);
        public Tensor all() => Operator.Call("all", this);
        public Tensor any() => Operator.Call("any", this);
        public (Tensor Values, Tensor Indexes) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Operator.CallMany("sort.stable", this, stable, dim, descending) is [var values, var indexes] ? (values, indexes) : throw new InvalidOperationException();
        public Tensor argsort(long dim = -1, bool descending = false) => Operator.Call("argsort", this, dim, descending);
        public Tensor logsumexp(long dim, bool keepdim = false) => Operator.Call("logsumexp", this, (long[])[dim], keepdim);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Operator.CallValue("allclose", this, target, rtol, atol, equal_nan).Integer != 0;

        public Tensor matmul(Tensor target) => Operator.Call("matmul", this, target);
        public Tensor bmm(Tensor batch2) => Operator.Call("bmm", this, batch2);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Operator.Call("softmax.int", this, dim, dtype);
    }

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);
    public static Tensor outer(Tensor input, Tensor vec2) => Operator.Call("outer", input, vec2);
    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
        Operator.Call("baddbmm", input, batch1, batch2, (Scalar)beta, (Scalar)alpha);
}
