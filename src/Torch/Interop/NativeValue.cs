using System.Runtime.InteropServices;

namespace XVideo.Torch.Interop;

/// <summary>The kinds of value that cross to the native layer; the numbers are those of <c>Tag</c> in xvideo_torch.cpp.</summary>
internal enum NativeTag
{
    None, Tensor, Int, Double, Bool, IntList, TensorList, DoubleList, String, Device, Default, OptionalTensorList,
}

/// <summary>One tagged value, 16 bytes, laid out as <c>Value</c> in xvideo_torch.cpp.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeValue
{
    [FieldOffset(0)] public NativeTag Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public nint Pointer;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Number;
}
