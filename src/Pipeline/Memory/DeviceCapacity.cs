namespace XVideo.Pipeline.Memory;

/// <summary>What a device gives to a generation, and in which types it computes: together with the model, all that decides whether a request fits.</summary>
/// <param name="Device"><c>cpu</c>, or a GPU such as <c>cuda:0</c>.</param>
/// <param name="MemoryInBytes">What may be used of its memory.</param>
/// <param name="NetworkElementBytes">Bytes of a number of transformer and text encoder.</param>
/// <param name="VaeElementBytes">Bytes of a number of the autoencoder.</param>
/// <param name="VaeTile">Side of the tiles in which frames are decoded, latent pixels; <see langword="null"/>: whole frames.</param>
public sealed record DeviceCapacity(string Device, long MemoryInBytes, int NetworkElementBytes, int VaeElementBytes, int? VaeTile = null)
{
    /// <summary>The name of the host's own processor.</summary>
    public const string Cpu = "cpu";
}
