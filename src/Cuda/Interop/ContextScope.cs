namespace XVideo.Cuda.Interop;

/// <summary>Makes a context current on this thread until disposed, then brings the former one back: libtorch's choice of device stays as it was.</summary>
internal readonly ref struct ContextScope : IDisposable
{
    private readonly SafePrimaryContextHandle _context;

    public ContextScope(SafePrimaryContextHandle context)
    {
        var isHeld = false;
        context.DangerousAddRef(ref isHeld);
        _context = context;
        var status = Push(context);
        if (status == 0) return;
        context.DangerousRelease();
        throw context.Api.Error(status, "cuCtxPushCurrent", null);
    }

    public void Dispose()
    {
        Pop(_context.Api);
        _context.DangerousRelease();
    }

    private static unsafe int Push(SafePrimaryContextHandle context) => context.Api.CtxPushCurrent(context.DangerousGetHandle());

    // Fails only without a context to pop, which the push rules out.
    private static unsafe void Pop(DriverApi api)
    {
        nint popped;
        _ = api.CtxPopCurrent(&popped);
    }
}
