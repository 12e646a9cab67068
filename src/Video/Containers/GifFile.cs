using System.Text;

namespace XVideo.Video.Containers;

/// <summary>
/// Frames, delays and comment of a GIF; ffmpeg neither writes GIF comments nor reports a frame count.
/// Source: GIF89a specification, sections 18 to 27.
/// </summary>
/// <param name="Width">Canvas width, pixels.</param>
/// <param name="Height">Canvas height, pixels.</param>
/// <param name="FrameCount">Number of images.</param>
/// <param name="Duration">Sum of the frame delays.</param>
/// <param name="Comment">The last comment extension, or <see langword="null"/>.</param>
internal sealed record GifFile(int Width, int Height, int FrameCount, TimeSpan Duration, string? Comment)
{
    private const byte Trailer = 0x3B;
    private const byte Extension = 0x21;
    private const byte Image = 0x2C;
    private const byte GraphicControl = 0xF9;
    private const byte CommentLabel = 0xFE;

    /// <exception cref="VideoFileException">Truncated or damaged.</exception>
    public static GifFile Read(string path) => Container.Parse(path, stream =>
    {
        var reader = new BinaryReader(stream);
        stream.Position = 6;
        int width = reader.ReadUInt16(), height = reader.ReadUInt16();
        var flags = reader.ReadByte();
        stream.Position += 2;
        SkipColourTable(stream, flags);

        var (frameCount, hundredths, comment) = (0, 0L, (string?)null);
        while (true)
        {
            switch (reader.ReadByte())
            {
                case Trailer:
                    return new GifFile(width, height, frameCount, TimeSpan.FromMilliseconds(hundredths * 10), comment);
                case Image:
                    stream.Position += 8;
                    SkipColourTable(stream, reader.ReadByte());
                    reader.ReadByte();
                    ReadSubBlocks(reader);
                    frameCount++;
                    break;
                case Extension:
                    var label = reader.ReadByte();
                    var data = ReadSubBlocks(reader);
                    if (label == GraphicControl && data.Length >= 4)
                    {
                        hundredths += data[1] | (data[2] << 8);
                    }
                    else if (label == CommentLabel)
                    {
                        comment = Encoding.UTF8.GetString(data);
                    }

                    break;
                case var other:
                    throw new VideoFileException(path, $"\"{path}\" is damaged: byte {stream.Position - 1} is 0x{other:X2}, " +
                        "where a GIF block must start.");
            }
        }
    });

    /// <summary>Adds a comment at the end of a complete GIF.</summary>
    public static void AppendComment(string path, string ascii)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = stream.Length - 1;
        if (stream.ReadByte() != Trailer)
        {
            throw Container.Truncated(path, stream.Length);
        }

        stream.Position = stream.Length - 1;
        stream.Write([Extension, CommentLabel]);
        foreach (var block in Encoding.ASCII.GetBytes(ascii).Chunk(byte.MaxValue))
        {
            stream.WriteByte((byte)block.Length);
            stream.Write(block);
        }

        stream.Write([0, Trailer]);
    }

    private static void SkipColourTable(Stream stream, byte flags)
    {
        if ((flags & 0x80) != 0)
        {
            stream.Position += 3 * (2 << (flags & 7));
        }
    }

    private static byte[] ReadSubBlocks(BinaryReader reader)
    {
        using var data = new MemoryStream();
        while (reader.ReadByte() is > 0 and var length)
        {
            var block = reader.ReadBytes(length);
            if (block.Length < length)
            {
                throw new EndOfStreamException();
            }

            data.Write(block);
        }

        return data.ToArray();
    }
}
