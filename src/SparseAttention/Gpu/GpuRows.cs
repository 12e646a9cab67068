using TorchSharp;
using XVideo.Cuda.Launch;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Gpu;

/// <summary>
/// What a transformer does to its tokens around attention and matrix products, each in one pass over memory on a GPU. float32 inside, rounded once at
/// the store; the composed forms round oftener.
/// </summary>
public static class GpuRows
{
    private const int RowThreads = 128;

    /// <summary>Whether these kernels take rows like those of <paramref name="x"/>: [B, S, E] contiguous in bfloat16 or float16 on a GPU, without a gradient.</summary>
    public static bool Accepts(Tensor x) => AcceptsElements(x) && x.ndim == 3 && x.size(2) % 8 == 0 && x.size(2) <= KernelCatalog.MostWidth;

    /// <summary>Whether <see cref="GeluInPlace"/> takes these numbers: any shape.</summary>
    public static bool AcceptsElements(Tensor x) =>
        x.is_cuda && KernelCatalog.Elements.Contains(x.dtype) && x.numel() > 0 && x.is_contiguous() && DevicePointer.Of(x) % 16 == 0
        && !is_grad_enabled() && GpuDevice.Serves(x);

    /// <summary>Whether heads of this size can be turned.</summary>
    public static bool AcceptsHeads(int headDim) => KernelCatalog.HeadDims.Contains(headDim);

    /// <summary>RMS norm over the whole width and rotary positions, of queries and keys in one launch.</summary>
    /// <param name="query">[B, S, N·D].</param>
    /// <param name="queryGamma">[N·D], float32 or the type of the query.</param>
    /// <param name="key">[B, S, N·D].</param>
    /// <param name="keyGamma">[N·D], as the query's.</param>
    /// <param name="heads">N.</param>
    /// <param name="cos">[S, D/2] float32.</param>
    /// <param name="sin">[S, D/2] float32.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <returns>Two new tensors [B, S, N, D].</returns>
    public static (Tensor Query, Tensor Key) NormRotary(Tensor query, Tensor queryGamma, Tensor key, Tensor keyGamma, int heads, Tensor cos, Tensor sin, double epsilon)
    {
        var (turnedQuery, turnedKey) = (empty_like(query), empty_like(key));
        Launch(query, heads, queryGamma.dtype, new NormRotaryArguments
        {
            First = Rows(query, queryGamma, turnedQuery, heads), Second = Rows(key, keyGamma, turnedKey, heads), TensorCount = 2,
            Cosines = DevicePointer.Of(cos), Sines = DevicePointer.Of(sin), Epsilon = (float)epsilon,
        });
        return (SplitHeads(turnedQuery, heads), SplitHeads(turnedKey, heads));
    }

    /// <summary>RMS norm over the whole width.</summary>
    /// <param name="x">[B, S, N·D].</param>
    /// <param name="gamma">[N·D], float32 or the type of x.</param>
    /// <param name="heads">N.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <returns>A new tensor [B, S, N, D].</returns>
    public static Tensor Norm(Tensor x, Tensor gamma, int heads, double epsilon)
    {
        var normed = empty_like(x);
        Launch(x, heads, gamma.dtype, new NormRotaryArguments { First = Rows(x, gamma, normed, heads), TensorCount = 1, Epsilon = (float)epsilon });
        return SplitHeads(normed, heads);
    }

    /// <summary>Layer norm · (offset + scale) + shift.</summary>
    /// <param name="x">[B, S, E].</param>
    /// <param name="norm">Scale and shift.</param>
    /// <returns>A new tensor like x.</returns>
    public static Tensor NormScaleShift(Tensor x, in RowNorm norm)
    {
        var gpu = GpuDevice.Of(x);
        var normed = empty_like(x);
        var (rows, width) = RowsOf(x);
        gpu.Kernel(KernelCatalog.NormScaleShift(width, x.dtype, norm.Scale.dtype == ScalarType.Float32)).Launch(RowShape(rows, width), gpu.Stream, new NormArguments
        {
            Input = DevicePointer.Of(x), Output = DevicePointer.Of(normed), Scale = DevicePointer.Of(norm.Scale), Shift = DevicePointer.Of(norm.Shift),
            ScaleBatchStride = norm.BatchStride(norm.Scale), ShiftBatchStride = norm.BatchStride(norm.Shift),
            Rows = rows, RowsPerItem = (int)x.size(1), ScaleOffset = norm.Offset, Epsilon = (float)norm.Epsilon,
        });
        return normed;
    }

    /// <summary>x + branch · gate.</summary>
    /// <param name="x">[B, S, E].</param>
    /// <param name="branch">[B, S, E], contiguous, the type of x.</param>
    /// <param name="gate">[B, 1, E] float32; null is 1.</param>
    /// <returns>A new tensor like x.</returns>
    public static Tensor GateAdd(Tensor x, Tensor branch, Tensor? gate) => GateAdd(x, branch, gate, null).Sum;

    /// <summary>x + branch · gate, and that sum normalised, read once.</summary>
    /// <param name="x">[B, S, E].</param>
    /// <param name="branch">[B, S, E], contiguous, the type of x.</param>
    /// <param name="gate">[B, 1, E] float32; null is 1.</param>
    /// <param name="norm">Scale and shift of the norm; null: no norm.</param>
    /// <returns>New tensors like x.</returns>
    public static (Tensor Sum, Tensor? Normed) GateAdd(Tensor x, Tensor branch, Tensor? gate, RowNorm? norm)
    {
        var gpu = GpuDevice.Of(x);
        var sum = empty_like(x);
        var normed = norm is null ? null : empty_like(x);
        var (rows, width) = RowsOf(x);
        var arguments = new GateAddArguments
        {
            Input = DevicePointer.Of(x), Branch = DevicePointer.Of(branch), Gate = gate is null ? 0 : DevicePointer.Of(gate), Sum = DevicePointer.Of(sum),
            GateBatchStride = gate is null || gate.size(0) == 1 ? 0 : gate.stride()[0], Rows = rows, RowsPerItem = (int)x.size(1),
        };
        if (norm is { } given)
        {
            (arguments.Normed, arguments.Scale, arguments.Shift) = (DevicePointer.Of(normed!), DevicePointer.Of(given.Scale), DevicePointer.Of(given.Shift));
            (arguments.ScaleBatchStride, arguments.ShiftBatchStride) = (given.BatchStride(given.Scale), given.BatchStride(given.Shift));
            (arguments.ScaleOffset, arguments.Epsilon) = (given.Offset, (float)given.Epsilon);
        }
        gpu.Kernel(KernelCatalog.GateAdd(width, x.dtype, norm is null || norm.Value.Scale.dtype == ScalarType.Float32)).Launch(RowShape(rows, width), gpu.Stream, arguments);
        return (sum, normed);
    }

    /// <summary>The tanh form of GELU, in place.</summary>
    /// <param name="x">Contiguous, bfloat16 or float16, on a GPU.</param>
    public static Tensor GeluInPlace(Tensor x)
    {
        const int elementsPerBlock = 4096, threads = 256;
        var gpu = GpuDevice.Of(x);
        gpu.Kernel(KernelCatalog.Gelu(x.dtype)).Launch(
            new LaunchShape(new Dim3((int)((x.numel() + elementsPerBlock - 1) / elementsPerBlock)), new Dim3(threads)), gpu.Stream,
            new GeluArguments { Input = DevicePointer.Of(x), Output = DevicePointer.Of(x), Count = x.numel() });
        return x;
    }

    private static void Launch(Tensor x, int heads, ScalarType parameters, NormRotaryArguments arguments)
    {
        var gpu = GpuDevice.Of(x);
        var (rows, width) = RowsOf(x);
        (arguments.Batch, arguments.Tokens) = ((int)x.size(0), (int)x.size(1));
        var shape = RowShape(rows, width);
        gpu.Kernel(KernelCatalog.NormRotary(width, width / heads, x.dtype, parameters == ScalarType.Float32))
            .Launch(shape with { Grid = new Dim3(shape.Grid.X * arguments.TensorCount) }, gpu.Stream, arguments);
    }

    private static NormRotaryTensor Rows(Tensor input, Tensor gamma, Tensor output, int heads)
    {
        var (tokens, width) = (input.size(1), input.size(2));
        return new NormRotaryTensor
        {
            Input = DevicePointer.Of(input), Gamma = DevicePointer.Of(gamma), Output = DevicePointer.Of(output),
            InputBatchStride = tokens * width, InputTokenStride = width, OutputBatchStride = tokens * width, OutputTokenStride = width, OutputHeadStride = width / heads,
        };
    }

    private static Tensor SplitHeads(Tensor x_bse, int heads) => x_bse.unflatten(-1, heads, x_bse.size(-1) / heads);

    private static (int Rows, int Width) RowsOf(Tensor x_bse) => ((int)(x_bse.size(0) * x_bse.size(1)), (int)x_bse.size(2));

    // As rows.cuh spreads rows over a thread block.
    private static LaunchShape RowShape(int rows, int width)
    {
        var rowsPerBlock = width <= 2048 ? 4 : width <= 4096 ? 2 : 1;
        return new LaunchShape(new Dim3((rows + rowsPerBlock - 1) / rowsPerBlock), new Dim3(RowThreads));
    }
}
