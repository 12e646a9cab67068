namespace XVideo.Cuda.Launch;

/// <summary>How much the L2 cache fetches at a time. The values are the driver's (CUtensorMapL2promotion).</summary>
public enum TensorMapPromotion
{
    None = 0,
    Bytes64 = 1,
    Bytes128 = 2,
    Bytes256 = 3,
}
