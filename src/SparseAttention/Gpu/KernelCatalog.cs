using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using TorchSharp;
using XVideo.Cuda.Nvrtc;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Gpu;

/// <summary>Every kernel of this project by what it is compiled for. The same question gives the same object.</summary>
public static class KernelCatalog
{
    private const string Prefix = "Kernels/";
    private static readonly ConcurrentDictionary<string, KernelSource> Sources = new();
    private static readonly Version Hopper = new(9, 0);

    /// <summary>Types of the elements that kernels take.</summary>
    public static IReadOnlyList<ScalarType> Elements { get; } = [ScalarType.BFloat16, ScalarType.Float16];

    /// <summary>Head dimensions that kernels take.</summary>
    public static IReadOnlyList<int> HeadDims { get; } = [64, 128];

    /// <summary>The most blocks of a row, or rows of a head, that selection takes.</summary>
    public const int MostBlocks = 4096;

    /// <summary>The widest row of the fused norms.</summary>
    public const int MostWidth = 8192;

    /// <summary>What a GPU may need for common models: for <c>xvideo kernels build</c>.</summary>
    /// <param name="computeCapability">Of the GPU, for example 9.0.</param>
    /// <remarks>In bfloat16. Kernels whose size depends on the request are there for the usual ones; others are compiled when first needed, in under a second each.</remarks>
    public static IReadOnlyList<KernelSource> All(Version computeCapability)
    {
        var isSm90 = IsSm90(computeCapability);
        var sources = new List<KernelSource> { BlockListCheck() };
        int[] widths = [256, 512, 1024];
        sources.AddRange(widths.Select(RowOrder));
        sources.AddRange(from block in BlockLayout.BlockSizes from stride in Selectors.XAttention.XAttentionSettings.Strides from width in widths select Select(block, stride, width));
        const ScalarType element = ScalarType.BFloat16;
        foreach (var headDim in HeadDims)
            foreach (var block in BlockLayout.BlockSizes)
            {
                sources.Add(Forward(isSm90, headDim, block, element));
                sources.AddRange(Selectors.XAttention.XAttentionSettings.Strides.Select(stride => Score(computeCapability, headDim, block, stride, element)));
            }
        sources.Add(Gelu(element));
        foreach (var (width, headDim) in ((int, int)[])[(256, 64), (1536, 128), (3072, 128), (5120, 128)])
        {
            sources.Add(NormRotary(width, headDim, element, false));
            sources.Add(NormScaleShift(width, element, true));
            sources.Add(GateAdd(width, element, true));
        }
        return sources;
    }

    /// <summary>Whether the kernels for Hopper run there; they are for exactly that generation.</summary>
    internal static bool IsSm90(Version computeCapability) => computeCapability == Hopper;

    internal static KernelSource Forward(bool isSm90, int headDim, int block, ScalarType element) => isSm90
        ? Get("sm90/sm90_bsa_fwd.cu", "xv_sm90_bsa_fwd", ("HEAD_DIM", headDim), ("BLOCK", block), Element(element))
        : Get("sm80/sm80_bsa_fwd.cu", "xv_sm80_bsa_fwd", [("HEAD_DIM", headDim), ("BLOCK", block), Element(element), .. Sm80Tiles.Attention(headDim, block).Constants]);

    internal static KernelSource Score(Version computeCapability, int headDim, int block, int stride, ScalarType element) => IsSm90(computeCapability)
        ? Get("sm90/sm90_xattention_score.cu", "xv_sm90_xattention_score", ("HEAD_DIM", headDim), ("BLOCK", block), ("STRIDE", stride), Element(element))
        : Get("sm80/sm80_xattention_score.cu", "xv_sm80_xattention_score", [("HEAD_DIM", headDim), ("BLOCK", block), ("STRIDE", stride), Element(element), .. Sm80Tiles.Score(headDim, stride, computeCapability).Constants]);

    internal static KernelSource Select(int block, int stride, int width) =>
        Get("common/xattention_select.cu", "xv_xattention_select", ("BLOCK", block), ("STRIDE", stride), ("WIDTH", width));

    internal static KernelSource RowOrder(int width) => Get("common/row_order.cu", "xv_row_order", ("WIDTH", width));

    internal static KernelSource BlockListCheck() => Get("common/block_list_check.cu", "xv_block_list_check");

    internal static KernelSource NormRotary(int width, int headDim, ScalarType element, bool hasFloat32Parameters) =>
        Get("common/query_key_norm_rotary.cu", "xv_query_key_norm_rotary", ("WIDTH", width), ("HEAD_DIM", headDim), Element(element), Parameters(hasFloat32Parameters));

    internal static KernelSource NormScaleShift(int width, ScalarType element, bool hasFloat32Parameters) =>
        Get("common/norm_scale_shift.cu", "xv_norm_scale_shift", ("WIDTH", width), Element(element), Parameters(hasFloat32Parameters));

    internal static KernelSource GateAdd(int width, ScalarType element, bool hasFloat32Parameters) =>
        Get("common/gate_add.cu", "xv_gate_add_norm", ("WIDTH", width), Element(element), Parameters(hasFloat32Parameters));

    internal static KernelSource Gelu(ScalarType element) => Get("common/gelu.cu", "xv_gelu", Element(element));

    /// <summary>The WIDTH of a kernel that sorts rows: the power of two that holds them, at least 256.</summary>
    internal static int SortWidth(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 256));

    private static (string, int) Element(ScalarType element) => ("ELEMENT", element == ScalarType.BFloat16 ? 0 : 1);

    private static (string, int) Parameters(bool areFloat32) => ("PARAMETERS_FLOAT32", areFloat32 ? 1 : 0);

    private static KernelSource Get(string file, string entry, params (string Name, int Value)[] constants) =>
        Sources.GetOrAdd($"{file} {string.Join(',', constants)}", _ => KernelSource.FromResources(
            typeof(KernelCatalog).Assembly, Prefix, file, entry, constants.Select(constant => (constant.Name, constant.Value.ToString(CultureInfo.InvariantCulture)))));
}
