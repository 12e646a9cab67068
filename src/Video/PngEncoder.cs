using System.Buffers.Binary;
using System.IO.Compression;

namespace XVideo.Video;

/// <summary>
/// Encodes 8-bit sRGB pictures. Each row uses whichever of the filters Sub, Up and Paeth leaves the smallest residue, the usual rule of thumb.
/// Source: PNG specification (W3C, third edition), sections 5, 7.3 and 9.
/// </summary>
internal static class PngEncoder
{
    private const int BytesPerPixel = 3;
    private const byte Sub = 1;
    private const byte Up = 2;
    private const byte Paeth = 4;
    private static readonly uint[] CrcTable = BuildCrcTable();

    public static void Write(Stream output, int width, int height, ReadOnlySpan<byte> rgb24)
    {
        output.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits per sample
        header[9] = 2; // truecolour; compression, filter method and interlace stay 0
        WriteChunk(output, "IHDR"u8, header);
        WriteChunk(output, "sRGB"u8, [0]);
        WriteChunk(output, "IDAT"u8, Compress(width, height, rgb24));
        WriteChunk(output, "IEND"u8, []);
    }

    private static ReadOnlySpan<byte> Compress(int width, int height, ReadOnlySpan<byte> rgb24)
    {
        var stride = width * BytesPerPixel;
        var above = new byte[stride];
        byte[][] candidates = [new byte[stride + 1], new byte[stride + 1], new byte[stride + 1]];
        (candidates[0][0], candidates[1][0], candidates[2][0]) = (Sub, Up, Paeth);

        var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                var row = rgb24.Slice(y * stride, stride);
                deflate.Write(Filter(row, above, candidates));
                row.CopyTo(above);
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static byte[] Filter(ReadOnlySpan<byte> row, byte[] above, byte[][] candidates)
    {
        var (subCost, upCost, paethCost) = (0, 0, 0);
        for (var i = 0; i < row.Length; i++)
        {
            int left = i >= BytesPerPixel ? row[i - BytesPerPixel] : 0;
            int aboveLeft = i >= BytesPerPixel ? above[i - BytesPerPixel] : 0;
            int top = above[i];
            subCost += Residue(candidates[0], i, row[i] - left);
            upCost += Residue(candidates[1], i, row[i] - top);
            paethCost += Residue(candidates[2], i, row[i] - Predict(left, top, aboveLeft));
        }

        return paethCost <= subCost && paethCost <= upCost ? candidates[2] : subCost <= upCost ? candidates[0] : candidates[1];
    }

    private static int Residue(byte[] candidate, int index, int difference)
    {
        candidate[index + 1] = (byte)difference;
        return Math.Abs((int)(sbyte)difference);
    }

    private static int Predict(int left, int top, int aboveLeft)
    {
        var estimate = left + top - aboveLeft;
        int toLeft = Math.Abs(estimate - left), toTop = Math.Abs(estimate - top), toAboveLeft = Math.Abs(estimate - aboveLeft);
        return toLeft <= toTop && toLeft <= toAboveLeft ? left : toTop <= toAboveLeft ? top : aboveLeft;
    }

    private static void WriteChunk(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        output.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint[] BuildCrcTable()
    {
        const uint ReversedPolynomial = 0xEDB88320;
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            var c = n;
            for (var bit = 0; bit < 8; bit++)
            {
                c = (c & 1) != 0 ? ReversedPolynomial ^ (c >> 1) : c >> 1;
            }

            table[n] = c;
        }

        return table;
    }
}
