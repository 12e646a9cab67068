namespace XVideo.Cuda.Interop;

/// <summary>CUfunction_attribute, the values we ask for or set.</summary>
internal enum FunctionAttribute
{
    StaticSharedBytes = 1,
    LocalBytes = 3,
    Registers = 4,
    MaxDynamicSharedBytes = 8,
}
