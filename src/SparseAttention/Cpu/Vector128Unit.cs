using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace XVideo.SparseAttention.Cpu;

/// <summary>
/// The portable unit: 4 lanes through the runtime's own 128-bit vectors, which map to SSE or NEON and to plain scalar code where there is neither.
/// </summary>
internal readonly unsafe struct Vector128Unit : IVectorUnit<Vector128<float>>
{
    public static string Name => "portable";

    public static bool IsSupported => true;

    public static int Lanes => 4;

    public static bool HasManyRegisters => AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Vector128<float> value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Vector128.MultiplyAddEstimate(left, right, addend);

    // A comparison with NaN is false, so that NaN on the right is chosen on every processor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> left, Vector128<float> right) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(left, right), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp2(Vector128<float> exponent)
    {
        var smallest = Vector128.Create(Exp2Polynomial.SmallestExponent);
        var x = Max(smallest, exponent);
        var whole = Vector128.Round(x);
        var f = x - whole;
        var p = MultiplyAdd(Vector128.Create(Exp2Polynomial.C5), f, Vector128.Create(Exp2Polynomial.C4));
        p = MultiplyAdd(p, f, Vector128.Create(Exp2Polynomial.C3));
        p = MultiplyAdd(p, f, Vector128.Create(Exp2Polynomial.C2));
        p = MultiplyAdd(p, f, Vector128.Create(Exp2Polynomial.C1));
        p = MultiplyAdd(p, f, Vector128.Create(Exp2Polynomial.C0));
        // NaN converts to 0: the NaN in p survives.
        var power = Vector128.ShiftLeft(Vector128.ConvertToInt32(whole), 23);
        var result = (p.AsInt32() + power).AsSingle();
        return Vector128.AndNot(result, Vector128.LessThan(exponent, smallest));
    }
}
