using System.Runtime.InteropServices;

namespace XVideo.SparseAttention.Gpu;

// The structs of Kernels/common/arguments.cuh and of each kernel file, field by field: their doc comments are there.

[StructLayout(LayoutKind.Sequential)]
internal struct TensorStrides
{
    public long Batch, Head, Token;
}

[StructLayout(LayoutKind.Sequential)]
internal struct AttentionArguments
{
    public nint Query, Key, Value, Output, LogSumExp, KeyBlockCounts, KeyBlockIndices, RowOrder, NextTile;
    public TensorStrides QueryStrides, KeyStrides, ValueStrides, OutputStrides;
    public int Batch, Heads, QueryTokens, KeyTokens, QueryBlocks, KeyBlocks, ListBatchStride, ListHeadStride;
    public float ScaleLog2;
    public int Reserved;
}

[StructLayout(LayoutKind.Sequential)]
internal struct ScoreArguments
{
    public nint Query, Key, BlockSums, TileMaxima;
    public TensorStrides QueryStrides, KeyStrides;
    public int Heads, FirstHead, HeadCount, Rows, Columns, KeyBlocks, Tiles;
    public float ScaleLog2;
    public int Reserved;
}

[StructLayout(LayoutKind.Sequential)]
internal struct SelectArguments
{
    public nint BlockSums, TileMaxima, HeadThresholds, BlockScores, Counts, Indices, KeptTotal;
    public double Threshold;
    public int Heads, FirstHead, Rows, QueryBlocks, KeyBlocks, Tiles, FixedCount, MinBlocks, MaxBlocks;
    public int PinnedKeyFirst, PinnedKeyCount, PinnedQueryFirst, PinnedQueryCount, KeepsFirstBlock, Reserved0, Reserved1;
}

[StructLayout(LayoutKind.Sequential)]
internal struct RowOrderArguments
{
    public nint Counts, Order, NextTile;
    public int Heads, QueryBlocks, ListBatchStride, ListHeadStride;
}

[StructLayout(LayoutKind.Sequential)]
internal struct ListCheckArguments
{
    public nint Counts, Indices, Result;
    public long Lists;
    public int KeyBlocks, Reserved;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NormRotaryTensor
{
    public nint Input, Gamma, Output;
    public long InputBatchStride, InputTokenStride, OutputBatchStride, OutputHeadStride, OutputTokenStride;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NormRotaryArguments
{
    public NormRotaryTensor First, Second;
    public nint Cosines, Sines;
    public int Batch, Tokens, TensorCount;
    public float Epsilon;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NormArguments
{
    public nint Input, Scale, Shift, Output;
    public long ScaleBatchStride, ShiftBatchStride;
    public int Rows, RowsPerItem;
    public float ScaleOffset, Epsilon;
}

[StructLayout(LayoutKind.Sequential)]
internal struct GateAddArguments
{
    public nint Input, Branch, Gate, Sum, Normed, Scale, Shift;
    public long GateBatchStride, ScaleBatchStride, ShiftBatchStride;
    public int Rows, RowsPerItem;
    public float ScaleOffset, Epsilon;
}

[StructLayout(LayoutKind.Sequential)]
internal struct GeluArguments
{
    public nint Input, Output;
    public long Count;
}
