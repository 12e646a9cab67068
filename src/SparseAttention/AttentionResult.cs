using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>What a backend computed.</summary>
/// <param name="Output">[B, N, Sq, D] in the type of the query.</param>
/// <param name="LogSumExp">[B, N, Sq] float32, natural logarithm of the sum of exponentials of the scaled scores, −∞ for a row without keys; null unless asked for.</param>
public readonly record struct AttentionResult(Tensor Output, Tensor? LogSumExp = null);
