using XVideo.SparseAttention.Backends;

namespace XVideo.SparseAttention;

/// <summary>The backends that a plan may choose from.</summary>
public static class AttentionBackends
{
    /// <summary>All of them, the most preferred first.</summary>
    public static IReadOnlyList<IAttentionBackend> All { get; } = [CudaBackend.Sm90, CudaBackend.Sm80, new CpuBackend(), new SdpaBackend(), new ReferenceBackend()];

    /// <summary>The backend that will do it.</summary>
    /// <param name="name">
    /// Exactly this one, or <see cref="AttentionOptions.Automatic"/>: the first that can, but for the reference. That is slow and waits for the device, so it
    /// has to be asked for by name.
    /// </param>
    /// <param name="desc">What is to be computed.</param>
    /// <param name="available">Most preferred first.</param>
    /// <exception cref="AttentionNotAvailableException">The one that was named is unknown or refuses, or all refuse.</exception>
    public static IAttentionBackend Choose(string name, AttentionDesc desc, IReadOnlyList<IAttentionBackend> available)
    {
        var able = available.Where(backend => backend.Refusal(desc) is null).ToArray();
        if (name == AttentionOptions.Automatic)
            return able.FirstOrDefault(backend => backend is not ReferenceBackend) ?? throw new AttentionNotAvailableException(name, NoneCan(desc, available, able));
        if (able.FirstOrDefault(backend => backend.Name == name) is { } named) return named;

        var reason = available.FirstOrDefault(backend => backend.Name == name)?.Refusal(desc) ?? $"There is no backend of that name on {(desc.ComputeCapability is null ? "the CPU" : "this GPU")}.";
        var others = able.Length == 0 ? "No other backend can do it either." : $"Allow another with --attention-backend auto, or name one of: {string.Join(", ", able.Select(backend => backend.Name))}.";
        throw new AttentionNotAvailableException(name, $"Attention backend {name} cannot be used: {reason} {others}");
    }

    private static string NoneCan(AttentionDesc desc, IReadOnlyList<IAttentionBackend> available, IReadOnlyList<IAttentionBackend> able)
    {
        var refusals = string.Join(" ", available.Select(backend => backend.Refusal(desc)).Where(refusal => refusal is not null));
        var slow = able.Count == 0 ? "" : $" To compute it all the same, many times slower: --attention-backend {able[0].Name}.";
        return $"No attention backend can do this: {refusals}{slow}";
    }
}
