using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using XVideo.Torch.Safetensors;

namespace XVideo.RandomModel;

/// <summary>
/// Values of a parameter by its name: normal with standard deviation 1/√(inputs) for what multiplies, 1 for norms, 0 for biases.
/// </summary>
/// <remarks>
/// Value number i of a parameter depends on seed, name and i alone, so neither the order of writing nor the shards nor the threads change it;
/// bfloat16 values are the float32 ones, rounded. Each is one of 65,536 quantiles of the normal distribution: enough for benchmarks.
/// </remarks>
internal sealed class RandomValues(long seed, SafetensorsDType dtype)
{
    private const int TableSize = 1 << 16;
    private const int BlockElements = 1 << 20;
    private const int PieceElements = 1 << 16;
    private const int ValuesPerDraw = 4;

    private static readonly float[] Quantiles = NormalQuantiles();

    private readonly byte[] _block = new byte[BlockElements * dtype.SizeInBytes()];

    /// <summary>Writes all values of one parameter, front to back.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="stream">Takes the bytes.</param>
    /// <param name="cancellation">Looked at once a block.</param>
    /// <param name="written">Told the bytes of each block.</param>
    public void Write(string name, long[] shape, Stream stream, CancellationToken cancellation, Action<long>? written = null)
    {
        var count = shape.TotalSize();
        var key = Mix((ulong)seed ^ NameHash(name));
        var table = Table(Deviation(name, shape), Center(name, shape));
        for (long start = 0; start < count; start += BlockElements)
        {
            cancellation.ThrowIfCancellationRequested();
            var elements = (int)Math.Min(BlockElements, count - start);
            var pieces = (elements + PieceElements - 1) / PieceElements;
            Parallel.For(0, pieces, piece =>
                Fill(key, start + ((long)piece * PieceElements), table, piece * PieceElements, Math.Min(PieceElements, elements - (piece * PieceElements))));
            stream.Write(_block.AsSpan(0, elements * dtype.SizeInBytes()));
            written?.Invoke(elements * dtype.SizeInBytes());
        }
    }

    // A parameter with one number per channel scales (norms) or shifts; everything else multiplies.
    private static bool IsPerChannel(long[] shape) => shape.Length > 0 && shape.Skip(1).All(size => size == 1);

    private static bool IsBias(string name) => name.EndsWith(".bias", StringComparison.Ordinal);

    private static float Center(string name, long[] shape) => IsPerChannel(shape) && !IsBias(name) ? 1 : 0;

    private static double Deviation(string name, long[] shape)
    {
        if (IsBias(name) || IsPerChannel(shape)) return 0;
        // Modulation tables are added to [B, 6, E] and have no inputs; they are as large as if they had E.
        var inputs = name.EndsWith("scale_shift_table", StringComparison.Ordinal) ? shape[^1] : shape.Skip(1).TotalSize();
        return 1 / Math.Sqrt(inputs);
    }

    private byte[] Table(double deviation, float center)
    {
        var table = new byte[TableSize * dtype.SizeInBytes()];
        for (var i = 0; i < TableSize; i++)
        {
            var value = (float)(center + (Quantiles[i] * deviation));
            if (dtype == SafetensorsDType.F32) BinaryPrimitives.WriteSingleLittleEndian(table.AsSpan(i * sizeof(float)), value);
            else BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(i * sizeof(ushort)), Rounded(value));
        }
        return table;
    }

    private void Fill(ulong key, long first, byte[] table, int at, int count)
    {
        if (dtype == SafetensorsDType.F32) Fill(key, first, MemoryMarshal.Cast<byte, float>(table), MemoryMarshal.Cast<byte, float>(_block.AsSpan()).Slice(at, count));
        else Fill(key, first, MemoryMarshal.Cast<byte, ushort>(table), MemoryMarshal.Cast<byte, ushort>(_block.AsSpan()).Slice(at, count));
    }

    // Pieces start at multiples of the values of one draw.
    private static void Fill<T>(ulong key, long first, ReadOnlySpan<T> table, Span<T> values)
    {
        var draw = (ulong)first / ValuesPerDraw;
        for (var at = 0; at < values.Length; at += ValuesPerDraw)
        {
            var bits = Mix(key + (draw++ * 0x9E3779B97F4A7C15));
            for (var i = at; i < Math.Min(at + ValuesPerDraw, values.Length); i++)
            {
                values[i] = table[(int)(bits & (TableSize - 1))];
                bits >>= 16;
            }
        }
    }

    // Source: the finaliser of SplitMix64, Steele et al. 2014, "Fast splittable pseudorandom number generators".
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    // Source: FNV-1a, 64 bits (IETF draft-eastlake-fnv).
    private static ulong NameHash(string name)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var part in Encoding.UTF8.GetBytes(name)) hash = (hash ^ part) * 0x100000001B3;
        return hash;
    }

    private static ushort Rounded(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    // The middle of each of 65,536 equally likely intervals: one walk along the integral of the density.
    private static float[] NormalQuantiles()
    {
        const double step = 1.0 / 4096;
        var table = new float[TableSize];
        var (x, below) = (-6.0, 0.0);
        for (var i = 0; i < TableSize; i++)
        {
            var wanted = (i + 0.5) / TableSize;
            double slice;
            while (below + (slice = step * Density(x + (step / 2))) < wanted)
            {
                below += slice;
                x += step;
            }
            table[i] = (float)(x + (step * (wanted - below) / slice));
        }
        return table;
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
}
