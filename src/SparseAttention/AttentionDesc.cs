using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>What is to be computed, without the data: decides which backend can do it. Equality is by value.</summary>
/// <param name="DType">Type of query, key and value.</param>
/// <param name="Device">CPU or CUDA.</param>
/// <param name="ComputeCapability">Of the GPU, for example 9.0; <see langword="null"/> on the CPU.</param>
/// <param name="Batch">B.</param>
/// <param name="Heads">N.</param>
/// <param name="QueryTokens">Sq.</param>
/// <param name="KeyTokens">Sk.</param>
/// <param name="HeadDim">D.</param>
/// <param name="BlockSize">Block size of the lists; <see langword="null"/> for dense attention.</param>
public sealed record AttentionDesc(
    ScalarType DType, DeviceType Device, Version? ComputeCapability, int Batch, int Heads, int QueryTokens, int KeyTokens, int HeadDim, int? BlockSize);
