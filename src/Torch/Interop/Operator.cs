using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Interop;

/// <summary>A libtorch operator, found once by its schema name and called boxed.</summary>
internal sealed unsafe class Operator
{
    // libtorch's fused attention returns nine.
    private const int MaxResults = 9;
    private static readonly ConcurrentDictionary<string, Operator> Known = new(StringComparer.Ordinal);

    private readonly string _name;
    private readonly nint _handle;

    private Operator(string name)
    {
        _name = name;
        var dot = name.IndexOf('.');
        _handle = Libtorch.Native.Find("aten::" + (dot < 0 ? name : name[..dot]), dot < 0 ? "" : name[(dot + 1)..]);
    }

    /// <summary>Whether this libtorch has the operator, for example <c>scaled_dot_product_attention</c> (2.0 and later).</summary>
    public static bool Exists(string name) => Get(name)._handle != 0;

    /// <summary>Calls <c>aten::name</c>, where name is <c>operator</c> or <c>operator.overload</c>, and returns its one tensor.</summary>
    public static Tensor Call(string name, params ReadOnlySpan<Argument> arguments) => CallMany(name, arguments)[0];

    /// <summary>Calls an in-place operator for its effect; the returned alias of the first argument is released at once.</summary>
    public static void Run(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        var count = Get(name).Invoke(arguments, results);
        for (var i = 0; i < count; i++)
            if (results[i].Tag == NativeTag.Tensor) Libtorch.Native.TensorFree(results[i].Pointer);
    }

    /// <summary>Calls an operator that returns a tensor and then other things, which are released at once.</summary>
    public static Tensor First(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        var count = Get(name).Invoke(arguments, results);
        for (var i = 1; i < count; i++)
            if (results[i].Tag == NativeTag.Tensor && results[i].Pointer != 0) Libtorch.Native.TensorFree(results[i].Pointer);
        return new Tensor(results[0].Pointer);
    }

    /// <summary>Calls an operator that returns several tensors or a tensor list.</summary>
    public static Tensor[] CallMany(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        var count = Get(name).Invoke(arguments, results);
        if (count > 0 && results[0].Tag == NativeTag.TensorList)
        {
            var list = new Tensor[results[0].Count];
            for (var i = 0; i < list.Length; i++) list[i] = new Tensor(((nint*)results[0].Pointer)[i]);
            Libtorch.Native.FreeList(results[0].Pointer);
            return list;
        }
        var tensors = new Tensor[count];
        for (var i = 0; i < count; i++) tensors[i] = new Tensor(results[i].Pointer);
        return tensors;
    }

    /// <summary>Calls an operator that returns one plain number or truth value.</summary>
    public static NativeValue CallValue(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        Get(name).Invoke(arguments, results);
        return results[0];
    }

    private static Operator Get(string name) => Known.TryGetValue(name, out var found) ? found : Known.GetOrAdd(name, static n => new Operator(n));

    private int Invoke(ReadOnlySpan<Argument> arguments, NativeValue* results)
    {
        if (_handle == 0)
            throw new NotSupportedException($"libtorch {Libtorch.Version} has no operator aten::{_name}. Use a newer libtorch (xvideo doctor lists those found).");
        NativeValue* values = stackalloc NativeValue[arguments.Length];
        // Lists and strings are copied to unmanaged scratch for the duration of the call: none is longer than a few hundred elements.
        var scratchBytes = 8;
        foreach (ref readonly var argument in arguments) scratchBytes += ScratchSize(argument);
        byte* onStack = stackalloc byte[Math.Min(scratchBytes, 1024)];
        var scratch = scratchBytes <= 1024 ? onStack : (byte*)NativeMemory.Alloc((nuint)scratchBytes);
        try
        {
            var free = scratch;
            for (var i = 0; i < arguments.Length; i++) free = Marshal(arguments[i], ref values[i], free);
            var count = Libtorch.Native.Call(_handle, values, arguments.Length, results, MaxResults);
            return count >= 0 ? count : throw Failure(arguments);
        }
        finally
        {
            if (scratch != onStack) NativeMemory.Free(scratch);
        }
    }

    private static int ScratchSize(in Argument argument) => argument.Tag switch
    {
        NativeTag.IntList or NativeTag.DoubleList or NativeTag.TensorList or NativeTag.OptionalTensorList => 8 * argument.Count,
        NativeTag.String => 8 + (3 * ((string)argument.Reference!).Length),
        _ => 0,
    };

    private static byte* Marshal(in Argument argument, ref NativeValue value, byte* free)
    {
        value.Tag = argument.Tag;
        value.Count = argument.Count;
        value.Integer = argument.Bits;
        switch (argument.Tag)
        {
            case NativeTag.Tensor:
                value.Pointer = ((Tensor)argument.Reference!).Handle;
                return free;
            case NativeTag.IntList:
                value.Pointer = (nint)free;
                ((long[])argument.Reference!).CopyTo(new Span<long>(free, argument.Count));
                break;
            case NativeTag.DoubleList:
                value.Pointer = (nint)free;
                ((double[])argument.Reference!).CopyTo(new Span<double>(free, argument.Count));
                break;
            case NativeTag.TensorList or NativeTag.OptionalTensorList:
                value.Pointer = (nint)free;
                var tensors = (Tensor?[])argument.Reference!;
                for (var i = 0; i < tensors.Length; i++) ((nint*)free)[i] = tensors[i]?.Handle ?? 0;
                break;
            case NativeTag.String:
                var text = (string)argument.Reference!;
                value.Pointer = (nint)free;
                value.Count = Encoding.UTF8.GetBytes(text, new Span<byte>(free, 3 * text.Length));
                break;
        }
        return free + ScratchSize(argument);
    }

    private TorchException Failure(ReadOnlySpan<Argument> arguments)
    {
        var native = Libtorch.Native.LastError().Trim();
        var described = new List<string>(arguments.Length);
        foreach (ref readonly var argument in arguments) described.Add(Describe(argument));
        return new TorchException("aten::" + _name, string.Join(", ", described), native);
    }

    private static string Describe(in Argument argument) => argument.Tag switch
    {
        NativeTag.Tensor => argument.Reference!.ToString()!,
        NativeTag.TensorList or NativeTag.OptionalTensorList => $"[{string.Join("; ", ((Tensor?[])argument.Reference!).Take(4).Select(t => t?.ToString() ?? "none"))}]",
        NativeTag.IntList => $"[{string.Join(", ", (long[])argument.Reference!)}]",
        NativeTag.DoubleList => $"[{string.Join(", ", (double[])argument.Reference!)}]",
        NativeTag.Double => BitConverter.Int64BitsToDouble(argument.Bits).ToString("g6"),
        NativeTag.Int => argument.Bits.ToString(),
        NativeTag.Bool => argument.Bits != 0 ? "true" : "false",
        NativeTag.String => $"\"{argument.Reference}\"",
        _ => argument.Tag.ToString().ToLowerInvariant(),
    };
}
