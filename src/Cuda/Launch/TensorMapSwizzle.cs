namespace XVideo.Cuda.Launch;

/// <summary>How 16-byte pieces are permuted in shared memory against bank conflicts. The values are the driver's (CUtensorMapSwizzle).</summary>
public enum TensorMapSwizzle
{
    None = 0,
    Bytes32 = 1,
    Bytes64 = 2,
    Bytes128 = 3,
}
