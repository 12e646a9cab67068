using Microsoft.Win32.SafeHandles;

namespace XVideo.Cuda.Interop;

/// <summary>One count of a device's primary context, which libtorch uses too: streams and pointers are valid on both sides.</summary>
internal sealed unsafe class SafePrimaryContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly int _device;

    public SafePrimaryContextHandle(DriverApi api, int device)
        : base(ownsHandle: true)
    {
        (Api, _device) = (api, device);
        nint context;
        api.Check(api.DevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain", $"device {device}");
        SetHandle(context);
    }

    public DriverApi Api { get; }

    protected override bool ReleaseHandle() => Api.DevicePrimaryCtxRelease(_device) == 0;
}
