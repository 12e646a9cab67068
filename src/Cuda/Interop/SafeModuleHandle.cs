namespace XVideo.Cuda.Interop;

/// <summary>A loaded image (CUBIN, or PTX that the driver compiled).</summary>
internal sealed unsafe class SafeModuleHandle : SafeContextObjectHandle
{
    /// <param name="context">Where to load it.</param>
    /// <param name="image">A CUBIN, or PTX with a closing zero.</param>
    /// <param name="about">Name and architecture, for the error.</param>
    public SafeModuleHandle(SafePrimaryContextHandle context, ReadOnlySpan<byte> image, string about)
        : base(context)
    {
        nint module = 0;
        int status;
        using (new ContextScope(context))
            fixed (byte* data = image) status = context.Api.ModuleLoadData(&module, data);
        Adopt(status, module, "cuModuleLoadData", about);
    }

    protected override int Destroy(DriverApi api, nint handle) => api.ModuleUnload(handle);
}
