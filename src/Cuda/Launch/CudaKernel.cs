using System.Text;
using XVideo.Cuda.Driver;
using XVideo.Cuda.Interop;
using XVideo.Cuda.Nvrtc;

namespace XVideo.Cuda.Launch;

/// <summary>A kernel loaded on one device. Launches allocate nothing and do not wait for the GPU; safe to launch from several threads.</summary>
public sealed unsafe class CudaKernel : IDisposable
{
    private readonly SafeModuleHandle _module;
    private readonly nint _function;
    // Bytes of each parameter as the compiler laid them out; null when the driver is too old to tell.
    private readonly int[]? _parameterBytes;

    /// <summary>Loads an image.</summary>
    /// <exception cref="CudaException">The driver refuses the image, or it has no such entry.</exception>
    public CudaKernel(CudaDevice device, KernelImage image)
    {
        DisplayName = image.DisplayName;
        _module = new SafeModuleHandle(device.Context, image.Bytes.Span, $"{image.DisplayName}, compiled for {image.Architecture}, on device {device.Ordinal} ({device.Name}, compute {device.ComputeCapability})");
        try
        {
            using var _ = new ContextScope(_module.Context);
            nint function;
            fixed (byte* entry = Encoding.UTF8.GetBytes(image.EntryName + '\0'))
                Api.Check(Api.ModuleGetFunction(&function, _module.DangerousGetHandle(), entry), "cuModuleGetFunction", $"entry {image.EntryName} of {DisplayName}");
            _function = function;
            Registers = Read(FunctionAttribute.Registers);
            LocalBytes = Read(FunctionAttribute.LocalBytes);
            StaticSharedBytes = Read(FunctionAttribute.StaticSharedBytes);
            MaxDynamicSharedBytes = device.MaxSharedBytesPerBlock - StaticSharedBytes;
            // More than 48 KB needs permission; given once, for all sizes.
            Api.Check(Api.FuncSetAttribute(_function, FunctionAttribute.MaxDynamicSharedBytes, MaxDynamicSharedBytes), "cuFuncSetAttribute", $"{MaxDynamicSharedBytes} bytes of dynamic shared memory of {DisplayName}");
            _parameterBytes = ReadParameterBytes();
        }
        catch
        {
            _module.Dispose();
            throw;
        }
    }

    /// <summary>File and constants, for example <c>sm90_bsa_fwd[HEAD_DIM=128]</c>.</summary>
    public string DisplayName { get; }

    /// <summary>Registers of each thread.</summary>
    public int Registers { get; }

    /// <summary>Local memory of each thread in bytes: spilled registers and arrays indexed at run time.</summary>
    public int LocalBytes { get; }

    /// <summary>Shared memory of each block that the kernel declares with a fixed size, in bytes.</summary>
    public int StaticSharedBytes { get; }

    /// <summary>The most that <see cref="LaunchShape.DynamicSharedBytes"/> may be on this device.</summary>
    public int MaxDynamicSharedBytes { get; }

    private DriverApi Api => _module.Context.Api;

    /// <summary>Queues the kernel on a stream.</summary>
    /// <param name="shape">Grid, block and shared memory.</param>
    /// <param name="stream">A CUstream of the kernel's device, for example libtorch's current one; 0 is the default stream.</param>
    /// <param name="argument">The kernel's only parameter: the same fields at the same offsets as in the kernel file.</param>
    /// <exception cref="CudaException">The driver refuses the launch. What goes wrong on the GPU later shows up in a later call.</exception>
    /// <exception cref="ArgumentException">Too much shared memory, or arguments whose number or sizes are not the kernel's.</exception>
    /// <exception cref="ObjectDisposedException">The kernel was disposed.</exception>
    public void Launch<T>(in LaunchShape shape, nint stream, in T argument)
        where T : unmanaged
    {
        fixed (T* a = &argument)
        {
            var arguments = stackalloc void*[] { a };
            Launch(shape, stream, arguments, [sizeof(T)]);
        }
    }

    /// <inheritdoc cref="Launch{T}"/>
    public void Launch<T1, T2>(in LaunchShape shape, nint stream, in T1 first, in T2 second)
        where T1 : unmanaged
        where T2 : unmanaged
    {
        fixed (T1* a = &first)
        fixed (T2* b = &second)
        {
            var arguments = stackalloc void*[] { a, b };
            Launch(shape, stream, arguments, [sizeof(T1), sizeof(T2)]);
        }
    }

    /// <inheritdoc cref="Launch{T}"/>
    public void Launch<T1, T2, T3>(in LaunchShape shape, nint stream, in T1 first, in T2 second, in T3 third)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
    {
        fixed (T1* a = &first)
        fixed (T2* b = &second)
        fixed (T3* c = &third)
        {
            var arguments = stackalloc void*[] { a, b, c };
            Launch(shape, stream, arguments, [sizeof(T1), sizeof(T2), sizeof(T3)]);
        }
    }

    /// <inheritdoc cref="Launch{T}"/>
    public void Launch<T1, T2, T3, T4>(in LaunchShape shape, nint stream, in T1 first, in T2 second, in T3 third, in T4 fourth)
        where T1 : unmanaged
        where T2 : unmanaged
        where T3 : unmanaged
        where T4 : unmanaged
    {
        fixed (T1* a = &first)
        fixed (T2* b = &second)
        fixed (T3* c = &third)
        fixed (T4* d = &fourth)
        {
            var arguments = stackalloc void*[] { a, b, c, d };
            Launch(shape, stream, arguments, [sizeof(T1), sizeof(T2), sizeof(T3), sizeof(T4)]);
        }
    }

    /// <summary>Unloads it. Launches that are queued still run.</summary>
    public void Dispose() => _module.Dispose();

    // The driver copies the arguments before it returns, so they need no alignment and no life beyond the call.
    private void Launch(in LaunchShape shape, nint stream, void** arguments, ReadOnlySpan<int> argumentBytes)
    {
        if (_parameterBytes is { } expected && !argumentBytes.SequenceEqual(expected)) throw WrongArguments(argumentBytes, expected);
        if (shape.DynamicSharedBytes < 0 || shape.DynamicSharedBytes > MaxDynamicSharedBytes) throw WrongSharedBytes(shape.DynamicSharedBytes);
        var isHeld = false;
        try
        {
            _module.DangerousAddRef(ref isHeld);
            using var _ = new ContextScope(_module.Context);
            var (grid, block) = (shape.Grid, shape.Block);
            var status = Api.LaunchKernel(_function, (uint)grid.X, (uint)grid.Y, (uint)grid.Z, (uint)block.X, (uint)block.Y, (uint)block.Z, (uint)shape.DynamicSharedBytes, stream, arguments, null);
            if (status != 0) throw Api.Error(status, "cuLaunchKernel", $"{DisplayName}, {shape}");
        }
        finally
        {
            if (isHeld) _module.DangerousRelease();
        }
    }

    private ArgumentException WrongArguments(ReadOnlySpan<int> got, int[] expected) =>
        new($"{DisplayName} takes {expected.Length} parameters of {string.Join(", ", expected)} bytes; it was launched with {got.Length} of {string.Join(", ", got.ToArray())} bytes. The structs in C# must mirror those in the kernel file.");

    private ArgumentException WrongSharedBytes(int got) =>
        new($"{DisplayName} was launched with {got} bytes of dynamic shared memory; on this GPU it may have 0 to {MaxDynamicSharedBytes}.");

    private int Read(FunctionAttribute attribute)
    {
        int value;
        Api.Check(Api.FuncGetAttribute(&value, attribute, _function), "cuFuncGetAttribute", $"{attribute} of {DisplayName}");
        return value;
    }

    private int[]? ReadParameterBytes()
    {
        if (Api.FuncGetParamInfo == null) return null;
        var sizes = new List<int>();
        nuint offset, size;
        // The driver refuses the first index past the end.
        while (Api.FuncGetParamInfo(_function, (nuint)sizes.Count, &offset, &size) == 0) sizes.Add((int)size);
        return [.. sizes];
    }
}
