namespace XVideo.Cuda.Launch;

/// <summary>Number type of a tensor map. The values are the driver's (CUtensorMapDataType).</summary>
public enum TensorMapElement
{
    UInt8 = 0,
    Int32 = 3,
    Float16 = 6,
    Float32 = 7,
    BFloat16 = 9,
}
