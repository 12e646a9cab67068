using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;
using XVideo.Torch.Interop;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Interop;

/// <summary>The tagged value must look the same from both sides of the boundary.</summary>
public sealed class NativeValueTests
{
    [Fact]
    public void Layout_SizeAndOffsets_AreThoseOfTheNativeStruct()
    {
        // The native struct is { int32 tag; int32 count; union of 8 bytes }; its size is compared by NativeApi when the library loads.
        Assert.Equal(16, Marshal.SizeOf<NativeValue>());
        Assert.Equal(0, Offset(nameof(NativeValue.Tag)));
        Assert.Equal(4, Offset(nameof(NativeValue.Count)));
        Assert.Equal(8, Offset(nameof(NativeValue.Pointer)));
        Assert.Equal(8, Offset(nameof(NativeValue.Integer)));
        Assert.Equal(8, Offset(nameof(NativeValue.Number)));
        Assert.Matches(@"int32_t tag;[^\n]*\n\s*int32_t count;[^\n]*\n\s*union \{ void\* pointer; int64_t integer; double number; \};", NativeSource());
        Libtorch.EnsureLoaded();

        static int Offset(string field) => (int)Marshal.OffsetOf<NativeValue>(field);
    }

    [Fact]
    public void Tags_InOrder_AreThoseOfTheNativeEnum()
    {
        var listed = Regex.Match(NativeSource(), @"enum Tag : int32_t \{([^}]*)\}").Groups[1].Value;
        // Two names would collide with types in C++.
        var native = listed.Split(',').Select(name => name.Trim() switch { "TensorTag" => "Tensor", "DeviceTag" => "Device", var other => other });
        Assert.Equal(Enum.GetNames<NativeTag>(), native);
    }

    [Fact]
    public void Arguments_OfEveryKind_ArriveUnchanged()
    {
        using var scope = NewDisposeScope();
        var x = Operator.Call("arange.start", 1, (Scalar)7, ScalarType.Int64, Argument.None, CPU);             // int, type, none, device
        Assert.Equal([2L, 3L], Operator.Call("reshape", x, (long[])[2, 3]).shape);                             // tensor, list of int
        TensorAssert.Equal([2], [0.25, 0.25], Operator.Call("full", (long[])[2], 0.25));                       // double
        Assert.Equal([1L, 3], Operator.Call("sum.dim_IntList", x.reshape(2, 3), (long[])[0], true).shape);     // truth value, then the default
        Assert.Equal([1L, 1, 4, 6], Operator.Call("upsample_nearest2d.vec", zeros([1, 1, 2, 2]), Argument.None, (double[])[2, 3]).shape); // list of double
        TensorAssert.Equal([1], [-2], Operator.Call("div.Tensor_mode", tensor([-3.0]), tensor([2.0]), "floor"));                      // text
        TensorAssert.Equal([12], [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], Operator.Call("cat", (Tensor[])[x, x]));                        // list of tensors
        TensorAssert.Equal([2, 1], [2, 5], Operator.Call("index.Tensor", x.reshape(2, 3), Argument.Optional([null, tensor([1L])])));   // with gaps
        Assert.NotEqual(0, Operator.CallValue("equal", x, x).Integer);                                          // a number comes back
        Assert.Equal(6, Operator.CallMany("unbind.int", x).Length);                                             // a list comes back
    }

    [Fact]
    public void Arguments_LongListsAndTexts_LeaveTheStack()
    {
        using var scope = NewDisposeScope();
        var ones = Enumerable.Range(0, 500).Select(_ => torch.ones([1])).ToArray();
        Assert.Equal(500, cat(ones).sum().item<float>());
        var error = Assert.Throws<TorchException>(() => Operator.Call("div.Tensor_mode", ones[0], ones[1], new string('é', 3000)));
        Assert.Contains("rounding_mode", error.Reason);
    }

    private static string NativeSource()
    {
        using var reader = new StreamReader(typeof(Libtorch).Assembly.GetManifestResourceStream("xvideo_torch.cpp")!);
        return reader.ReadToEnd();
    }
}
