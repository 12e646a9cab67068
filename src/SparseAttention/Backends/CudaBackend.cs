using TorchSharp;
using XVideo.Cuda.Launch;
using XVideo.SparseAttention.Gpu;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Backends;

/// <summary>Our CUDA kernels: block-sparse attention over lists, or over all keys, in bfloat16 or float16.</summary>
/// <remarks>
/// Numerics: products accumulate in float32, probabilities are rounded to the element type before the second product, the order of accumulation is
/// fixed: results repeat bitwise on one GPU. Only queues work, except when a kernel is compiled at its first use, or XVIDEO_VALIDATE_BLOCKS is set.
/// </remarks>
public sealed class CudaBackend : IAttentionBackend
{
    private readonly bool _isSm90;

    private CudaBackend(bool isSm90) => _isSm90 = isSm90;

    /// <summary><c>sm90</c>: for compute 9.0, with asynchronous copies and warpgroup products.</summary>
    public static CudaBackend Sm90 { get; } = new(true);

    /// <summary><c>sm80</c>: for compute 8.0 and newer.</summary>
    public static CudaBackend Sm80 { get; } = new(false);

    /// <summary>The one that takes these inputs; <see langword="null"/>: neither.</summary>
    internal static CudaBackend? ForDense(Tensor query, Tensor key, Tensor value)
    {
        Tensor[] inputs = [query, key, value];
        if (!inputs.All(input => input.is_cuda && input.dtype == query.dtype) || NeedsGradient(inputs) || !GpuDevice.Serves(query)) return null;
        var capability = GpuDevice.Of(query).Device.ComputeCapability;
        var desc = AttentionInputs.Describe(query, key, null) with { ComputeCapability = capability };
        return Sm90.Refusal(desc) is null ? Sm90 : Sm80.Refusal(desc) is null ? Sm80 : null;
    }

    /// <inheritdoc/>
    public string Name => _isSm90 ? "sm90" : "sm80";

    /// <inheritdoc/>
    public string? Refusal(AttentionDesc desc)
    {
        if (desc.Device != DeviceType.CUDA) return $"{Name} runs on a GPU, and this is on the {desc.Device}.";
        if (desc.ComputeCapability is not { } capability) return $"{Name} needs to know the GPU's compute capability, which the driver does not tell.";
        if (_isSm90 && !KernelCatalog.IsSm90(capability)) return $"{Name} is for compute 9.0, and this GPU is {capability}.";
        if (capability < Cuda.Driver.CudaDevice.LowestComputeCapability) return $"{Name} needs compute {Cuda.Driver.CudaDevice.LowestComputeCapability}, and this GPU is {capability}.";
        return Refusal(desc.DType, desc.HeadDim, desc.BlockSize) ?? GpuDevice.Problem;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A shape, type or device does not fit.</exception>
    /// <exception cref="InvalidOperationException">A gradient would be needed.</exception>
    /// <exception cref="BlockListException">The list breaks its rules; found only with XVIDEO_VALIDATE_BLOCKS.</exception>
    /// <exception cref="Cuda.CudaException">A kernel does not compile, load or launch.</exception>
    public AttentionResult Forward(Tensor query, Tensor key, Tensor value, BlockList? blocks = null, double? scale = null, bool wantsLogSumExp = false)
    {
        AttentionInputs.Check(query, key, value, blocks, scale);
        if (NeedsGradient(query, key, value)) throw new InvalidOperationException($"{Name} has no gradient, and an input requires one. Call it under no_grad(), or use the backend sdpa.");
        if (query.device_type != DeviceType.CUDA) throw new ArgumentException($"query is on {query.device}; {Name} needs it on a GPU.", nameof(query));
        if (Refusal(query.dtype, (int)query.size(3), blocks?.Layout.BlockSize) is { } refusal) throw new ArgumentException(refusal, nameof(query));

        using var scope = NewDisposeScope();
        var output = GpuTensors.NewLike(query);
        var logSumExp = wantsLogSumExp ? empty(query.shape[..3], ScalarType.Float32, query.device) : null;
        if (output.numel() > 0 && key.size(2) == 0)
        {
            output.zero_();
            logSumExp?.fill_(double.NegativeInfinity);
        }
        else if (output.numel() > 0)
        {
            if (blocks is not null && GpuDevice.ValidatesBlocks) GpuBlockLists.Validate(blocks);
            Launch(GpuTensors.WithAlignedRows(query), GpuTensors.WithAlignedRows(key), GpuTensors.WithAlignedRows(value), output, logSumExp, blocks, scale);
        }
        return new AttentionResult(output.MoveToOuterDisposeScope(), logSumExp?.MoveToOuterDisposeScope());
    }

    private static bool NeedsGradient(params Tensor[] inputs) => is_grad_enabled() && inputs.Any(input => input.requires_grad);

    private string? Refusal(ScalarType dtype, int headDim, int? blockSize)
    {
        if (!KernelCatalog.Elements.Contains(dtype)) return $"{Name} computes in {string.Join(" or ", KernelCatalog.Elements)}, and the inputs are {dtype}; use --dtype bf16.";
        if (!KernelCatalog.HeadDims.Contains(headDim)) return $"{Name} takes D={string.Join(" or ", KernelCatalog.HeadDims)}, and the heads have D={headDim}.";
        if (blockSize is { } size && !BlockLayout.BlockSizes.Contains(size)) return $"{Name} takes blocks of {string.Join(" or ", BlockLayout.BlockSizes)} tokens, and these have {size}.";
        return null;
    }

    /// <summary>Attention into memory that is there already.</summary>
    /// <param name="query">[B, N, Sq, D], as key and value of rows that 16-byte reads can take.</param>
    /// <param name="key">[B, N, Sk, D].</param>
    /// <param name="value">[B, N, Sk, D].</param>
    /// <param name="output">[B, N, Sq, D], any strides that are multiples of 8 with D contiguous.</param>
    /// <param name="logSumExp">[B, N, Sq] float32, contiguous; null: not wanted.</param>
    /// <param name="blocks">The lists, which are not checked; null: dense.</param>
    /// <param name="scale">Of the logits; null: 1/√D.</param>
    internal void Launch(Tensor query, Tensor key, Tensor value, Tensor output, Tensor? logSumExp, BlockList? blocks, double? scale)
    {
        const int denseBlock = 128;
        var gpu = GpuDevice.Of(query);
        var (shape, keyTokens) = (query.shape, (int)key.size(2));
        var layout = blocks?.Layout ?? new BlockLayout((int)shape[2], keyTokens, denseBlock);
        var order = blocks is null ? null : GpuBlockLists.RowOrder(gpu, blocks, (int)shape[0], (int)shape[1]);
        var rows = shape[0] * shape[1] * layout.QueryBlocks;
        var arguments = new AttentionArguments
        {
            Query = DevicePointer.Of(query), Key = DevicePointer.Of(key), Value = DevicePointer.Of(value), Output = DevicePointer.Of(output),
            LogSumExp = logSumExp is null ? 0 : DevicePointer.Of(logSumExp),
            KeyBlockCounts = blocks is null ? 0 : DevicePointer.Of(blocks.Counts), KeyBlockIndices = blocks is null ? 0 : DevicePointer.Of(blocks.Indices),
            RowOrder = order is null ? 0 : DevicePointer.Of(order), NextTile = order is null ? 0 : DevicePointer.Of(order) + (nint)(rows * sizeof(int)),
            QueryStrides = GpuTensors.Strides(query), KeyStrides = GpuTensors.Strides(key), ValueStrides = GpuTensors.Strides(value), OutputStrides = GpuTensors.Strides(output),
            Batch = (int)shape[0], Heads = (int)shape[1], QueryTokens = (int)shape[2], KeyTokens = keyTokens,
            QueryBlocks = layout.QueryBlocks, KeyBlocks = layout.KeyBlocks,
            ListBatchStride = blocks is null ? 0 : GpuBlockLists.BatchStride(blocks), ListHeadStride = blocks is null ? 0 : GpuBlockLists.HeadStride(blocks),
            ScaleLog2 = (float)((scale ?? 1 / Math.Sqrt(shape[3])) * Math.Log2(Math.E)),
        };
        var kernel = gpu.Kernel(KernelCatalog.Forward(_isSm90, (int)shape[3], layout.BlockSize, query.dtype));
        if (_isSm90) LaunchSm90(gpu, kernel, arguments, query, key, value, (int)shape[3], layout.BlockSize, rows);
        else LaunchSm80(gpu, kernel, arguments, (int)shape[3], layout.BlockSize);
    }

    private static void LaunchSm90(GpuDevice gpu, CudaKernel kernel, in AttentionArguments arguments, Tensor query, Tensor key, Tensor value, int headDim, int block, long rows)
    {
        var (threads, sharedBytes, blocksPerProcessor) = Sm90Tiles.Attention(headDim, block);
        var grid = (int)Math.Min(rows, gpu.Device.MultiprocessorCount * blocksPerProcessor);
        kernel.Launch(
            new LaunchShape(new Dim3(grid), new Dim3(threads), sharedBytes), gpu.Stream, arguments,
            GpuTensors.Map(query, block), GpuTensors.Map(key, block), GpuTensors.Map(value, block));
    }

    private static void LaunchSm80(GpuDevice gpu, CudaKernel kernel, in AttentionArguments arguments, int headDim, int block)
    {
        var tiles = Sm80Tiles.Attention(headDim, block);
        kernel.Launch(new LaunchShape(new Dim3(arguments.QueryBlocks, arguments.Batch * arguments.Heads), new Dim3(tiles.Threads), tiles.SharedBytes), gpu.Stream, arguments);
    }
}
