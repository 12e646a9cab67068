namespace XVideo.Cuda.Interop;

/// <summary>An event with time stamps.</summary>
internal sealed unsafe class SafeEventHandle : SafeContextObjectHandle
{
    public SafeEventHandle(SafePrimaryContextHandle context)
        : base(context)
    {
        nint created = 0;
        int status;
        using (new ContextScope(context)) status = context.Api.EventCreate(&created, 0);
        Adopt(status, created, "cuEventCreate", "an event with time stamps");
    }

    protected override int Destroy(DriverApi api, nint handle) => api.EventDestroy(handle);
}
