namespace XVideo.Pipeline.Memory;

/// <summary>The predicted memory of one request on one device.</summary>
/// <param name="ProgramBytes">What the program and its libraries keep besides, whatever the request.</param>
/// <param name="WeightBytes">Parameters in the types they are computed in.</param>
/// <param name="DenoiseBytes">Activations of one transformer pass, and the lists of blocks.</param>
/// <param name="DecodeBytes">Activations and caches of the autoencoder while it decodes one latent frame.</param>
public sealed record MemoryPlan(long ProgramBytes, long WeightBytes, long DenoiseBytes, long DecodeBytes)
{
    /// <summary>Everything at its largest; the two stages do not overlap.</summary>
    public long PeakBytes => ProgramBytes + WeightBytes + Math.Max(DenoiseBytes, DecodeBytes);
}
