using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>The inputs of attention.</summary>
/// <param name="Query">[B, N, Sq, D].</param>
/// <param name="Key">[B, N, Sk, D].</param>
/// <param name="Value">[B, N, Sk, D].</param>
internal sealed record AttentionTensors(Tensor Query, Tensor Key, Tensor Value)
{
    /// <summary>The same in another type.</summary>
    public AttentionTensors To(ScalarType dtype) => new(Query.to(dtype), Key.to(dtype), Value.to(dtype));

    /// <summary>The same with something done to each.</summary>
    public AttentionTensors Select(Func<Tensor, Tensor> change) => new(change(Query), change(Key), change(Value));
}
