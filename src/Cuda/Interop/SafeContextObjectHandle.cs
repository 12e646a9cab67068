using Microsoft.Win32.SafeHandles;

namespace XVideo.Cuda.Interop;

/// <summary>Something that lives in a context, and keeps that context alive.</summary>
internal abstract class SafeContextObjectHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly bool _keepsContext;

    protected SafeContextObjectHandle(SafePrimaryContextHandle context)
        : base(ownsHandle: true)
    {
        Context = context;
        context.DangerousAddRef(ref _keepsContext);
    }

    public SafePrimaryContextHandle Context { get; }

    // Without an object there is no ReleaseHandle call, and the context's count would stay up.
    protected void Adopt(int status, nint created, string call, string about)
    {
        if (status == 0)
        {
            SetHandle(created);
            return;
        }
        Context.DangerousRelease();
        SetHandleAsInvalid();
        throw Context.Api.Error(status, call, about);
    }

    protected abstract int Destroy(DriverApi api, nint handle);

    // Also runs on the finaliser's thread, which has no context of its own.
    protected sealed override bool ReleaseHandle()
    {
        try
        {
            using (new ContextScope(Context)) return Destroy(Context.Api, handle) == 0;
        }
        catch (CudaException)
        {
            return false;
        }
        finally
        {
            if (_keepsContext) Context.DangerousRelease();
        }
    }
}
