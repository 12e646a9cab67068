using XVideo.SparseAttention.Cpu;

namespace XVideo.SparseAttention.Tests.Cpu;

public sealed unsafe class InterleavingTests
{
    [Theory]
    [InlineData(8, 8)]
    [InlineData(24, 8)]
    [InlineData(64, 32)]
    public void Write_EightRows_PutsThemSideBySideOnEveryPath(int length, int stride)
    {
        var source = Enumerable.Range(0, 8 * length).Select(i => (float)i).ToArray();
        var (fast, portable) = (new float[length * stride], new float[length * stride]);
        fixed (float* first = source, toFast = fast, toPortable = portable)
        {
            var rows = stackalloc float*[8];
            for (var r = 0; r < 8; r++) rows[r] = r == 5 ? null : first + (r * length);
            Interleaving.Write(rows, length, 2, toFast, stride);
            Interleaving.WritePortable(rows, length, 2, toPortable, stride);
        }
        for (var d = 0; d < length; d++)
            for (var r = 0; r < stride; r++) Assert.Equal(r == 5 || r >= 8 ? 0 : 2 * source[(r * length) + d], fast[(d * stride) + r]);
        Assert.Equal(fast, portable);
    }
}
