using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace XVideo.Video.Containers;

/// <summary>
/// Frames, durations and XMP description of a WebP; ffmpeg writes no metadata into WebP and (5.1) cannot read animated ones.
/// Source: WebP container specification (RIFF chunks VP8X, ANMF, XMP) and XMP part 1 for the packet.
/// </summary>
/// <param name="Width">Canvas width, pixels; 0 for a plain still image, whose size is inside its bitstream.</param>
/// <param name="Height">Canvas height, pixels; 0 as <paramref name="Width"/>.</param>
/// <param name="FrameCount">Number of stored frames; 1 for a still image.</param>
/// <param name="Duration">Sum of the frame durations; zero for a still image.</param>
/// <param name="IsLossless">Whether the first frame is VP8L.</param>
/// <param name="Description">The XMP dc:description, or <see langword="null"/>.</param>
internal sealed record WebPFile(int Width, int Height, int FrameCount, TimeSpan Duration, bool IsLossless, string? Description)
{
    private const byte XmpFlag = 0x04;
    private const int HeaderLength = 12;
    private static readonly XNamespace Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private static readonly XNamespace DublinCore = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace Xmp = "adobe:ns:meta/";

    /// <exception cref="VideoFileException">Truncated or damaged.</exception>
    public static WebPFile Read(string path) => Container.Parse(path, stream =>
    {
        var reader = new BinaryReader(stream);
        var (width, height, animated, still, lossless, duration, description) = (0, 0, 0, 0, (bool?)null, 0L, (string?)null);
        foreach (var (type, length) in Chunks(path, stream, reader))
        {
            var start = stream.Position;
            switch (type)
            {
                case "VP8X" when length >= 10:
                    stream.Position += 4;
                    width = 1 + ReadUInt24(reader);
                    height = 1 + ReadUInt24(reader);
                    break;
                case "ANMF" when length >= 24:
                    stream.Position += 12;
                    duration += ReadUInt24(reader);
                    stream.Position += 1;
                    lossless ??= Encoding.Latin1.GetString(reader.ReadBytes(4)) == "VP8L";
                    animated++;
                    break;
                case "VP8 " or "VP8L":
                    lossless ??= type == "VP8L";
                    still = 1;
                    break;
                case "XMP ":
                    description = ReadDescription(reader.ReadBytes(length));
                    break;
            }

            stream.Position = start + length;
        }

        return new WebPFile(width, height, animated + still, TimeSpan.FromMilliseconds(duration), lossless ?? false, description);
    });

    /// <summary>Adds an XMP description to a complete WebP, turning a plain still image into the extended layout first.</summary>
    public static void AppendDescription(string path, int width, int height, string description)
    {
        var content = File.ReadAllBytes(path);
        var isExtended = content.AsSpan(HeaderLength).StartsWith("VP8X"u8);
        using var stream = new FileStream(path, FileMode.Create);
        var writer = new BinaryWriter(stream);
        writer.Write(content.AsSpan(0, HeaderLength));
        if (isExtended)
        {
            content[HeaderLength + 8] |= XmpFlag;
        }
        else
        {
            writer.Write("VP8X"u8);
            writer.Write(10);
            writer.Write((int)XmpFlag);
            WriteUInt24(writer, width - 1);
            WriteUInt24(writer, height - 1);
        }

        writer.Write(content.AsSpan(HeaderLength));
        var packet = WriteDescription(description);
        writer.Write("XMP "u8);
        writer.Write(packet.Length);
        writer.Write(packet);
        if (packet.Length % 2 == 1)
        {
            writer.Write((byte)0);
        }

        var riffLength = (uint)(stream.Length - 8);
        stream.Position = 4;
        writer.Write(riffLength);
    }

    private static IEnumerable<(string Type, int Length)> Chunks(string path, FileStream stream, BinaryReader reader)
    {
        stream.Position = 4;
        var end = 8L + reader.ReadUInt32();
        if (end > stream.Length)
        {
            throw Container.Truncated(path, stream.Length);
        }

        stream.Position = HeaderLength;
        while (stream.Position + 8 <= end)
        {
            var type = Encoding.Latin1.GetString(reader.ReadBytes(4));
            var length = reader.ReadUInt32();
            if (length > end - stream.Position)
            {
                throw new VideoFileException(path, $"\"{path}\" is damaged: its WebP chunk \"{type}\" claims {length} bytes, " +
                    $"{end - stream.Position} are left.");
            }

            yield return (type, (int)length);
            stream.Position += length % 2;
        }
    }

    private static string? ReadDescription(byte[] packet)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(packet), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Descendants(DublinCore + "description").Descendants(Rdf + "li").FirstOrDefault()?.Value;
        }
        catch (XmlException)
        {
            // Somebody else's broken XMP does not make the picture unreadable: it has no description for us.
            return null;
        }
    }

    private static byte[] WriteDescription(string description)
    {
        var packet = new XElement(Xmp + "xmpmeta", new XAttribute(XNamespace.Xmlns + "x", Xmp),
            new XElement(Rdf + "RDF", new XAttribute(XNamespace.Xmlns + "rdf", Rdf),
                new XElement(Rdf + "Description", new XAttribute(Rdf + "about", ""), new XAttribute(XNamespace.Xmlns + "dc", DublinCore),
                    new XElement(DublinCore + "description",
                        new XElement(Rdf + "Alt",
                            new XElement(Rdf + "li", new XAttribute(XNamespace.Xml + "lang", "x-default"), description))))));
        return Encoding.UTF8.GetBytes(
            "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" + packet.ToString(SaveOptions.DisableFormatting) + "<?xpacket end=\"r\"?>");
    }

    private static int ReadUInt24(BinaryReader reader) => reader.ReadUInt16() | (reader.ReadByte() << 16);

    private static void WriteUInt24(BinaryWriter writer, int value)
    {
        writer.Write((ushort)value);
        writer.Write((byte)(value >> 16));
    }
}
