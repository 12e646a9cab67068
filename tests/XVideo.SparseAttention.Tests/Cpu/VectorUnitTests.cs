using System.Runtime.Intrinsics;
using XVideo.SparseAttention.Cpu;

namespace XVideo.SparseAttention.Tests.Cpu;

public sealed class VectorUnitTests
{
    [Fact]
    public void Exp2_Avx512_IsWithinThreePartsInTenMillion() => CheckWhereSupported<Vector512Unit, Vector512<float>>();

    [Fact]
    public void Exp2_Avx2_IsWithinThreePartsInTenMillion() => CheckWhereSupported<Vector256Unit, Vector256<float>>();

    [Fact]
    public void Exp2_Portable_IsWithinThreePartsInTenMillion() => CheckWhereSupported<Vector128Unit, Vector128<float>>();

    [Fact]
    public void Supported_ListsExactlyTheUnitsOfThisProcessor()
    {
        List<string> expected = [];
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported) expected.Add("avx512");
        if (System.Runtime.Intrinsics.X86.Avx2.IsSupported && System.Runtime.Intrinsics.X86.Fma.IsSupported) expected.Add("avx2");
        expected.Add("portable");
        Assert.Equal(expected, TileKernel.Supported.Select(kernel => kernel.Name));
    }

    private static void CheckWhereSupported<TUnit, TVector>() where TUnit : struct, IVectorUnit<TVector> where TVector : unmanaged
    {
        if (!TUnit.IsSupported) return;
        var worst = 0.0;
        const int steps = 1_000_000;
        for (var i = 0; i <= steps; i++)
        {
            var x = -125f * i / steps;
            var exact = Math.Pow(2, x);
            worst = Math.Max(worst, Math.Abs(Exp2<TUnit, TVector>(x) - exact) / exact);
        }
        Assert.InRange(worst, 0, 3e-7);
        Assert.Equal(1f, Exp2<TUnit, TVector>(0));
        foreach (var small in (float[])[float.NegativeInfinity, float.MinValue, -1000f, -200f]) Assert.Equal(0f, Exp2<TUnit, TVector>(small));
        foreach (var small in (float[])[-125.01f, -126f, -127f, -130f, -149f]) Assert.InRange(Exp2<TUnit, TVector>(small), 0f, 2.4e-38f);
        Assert.True(float.IsNaN(Exp2<TUnit, TVector>(float.NaN)));
    }

    private static unsafe float Exp2<TUnit, TVector>(float x) where TUnit : struct, IVectorUnit<TVector> where TVector : unmanaged
    {
        var lanes = stackalloc float[16];
        TUnit.Store(lanes, TUnit.Exp2(TUnit.Broadcast(x)));
        return lanes[TUnit.Lanes - 1];
    }
}
