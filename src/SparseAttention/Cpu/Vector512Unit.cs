using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace XVideo.SparseAttention.Cpu;

/// <summary>AVX-512: 16 lanes, 32 registers.</summary>
internal readonly unsafe struct Vector512Unit : IVectorUnit<Vector512<float>>
{
    // Keeps −∞ away from the subtraction of its own rounded value; far below the smallest subnormal, so the result is 0 all the same.
    private const float Clamp = -1000f;

    public static string Name => "avx512";

    public static bool IsSupported => Avx512F.IsSupported;

    public static int Lanes => 16;

    public static bool HasManyRegisters => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Vector512<float> value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => Avx512F.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => Avx512F.Subtract(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => Avx512F.Multiply(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => Avx512F.Divide(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Avx512F.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right) => Avx512F.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp2(Vector512<float> exponent)
    {
        var x = Avx512F.Max(Vector512.Create(Clamp), exponent);
        var whole = Avx512F.RoundScale(x, 0);
        var f = Avx512F.Subtract(x, whole);
        var p = MultiplyAdd(Vector512.Create(Exp2Polynomial.C5), f, Vector512.Create(Exp2Polynomial.C4));
        p = MultiplyAdd(p, f, Vector512.Create(Exp2Polynomial.C3));
        p = MultiplyAdd(p, f, Vector512.Create(Exp2Polynomial.C2));
        p = MultiplyAdd(p, f, Vector512.Create(Exp2Polynomial.C1));
        p = MultiplyAdd(p, f, Vector512.Create(Exp2Polynomial.C0));
        return Avx512F.Scale(p, whole);
    }
}
