using System.Buffers.Binary;
using System.Text;

namespace XVideo.Video.Containers;

/// <summary>
/// The outermost structure of an mp4 file: a row of boxes, each with its size. With the index in front a truncated file still
/// looks healthy to ffprobe, so completeness is checked here.
/// Source: ISO/IEC 14496-12, section 4.2 (box header).
/// </summary>
internal static class Mp4File
{
    /// <exception cref="VideoFileException">A box runs past the end of the file, or there is no index or no media data.</exception>
    public static void CheckComplete(string path) => Container.Parse(path, stream =>
    {
        Span<byte> header = stackalloc byte[16];
        var hasIndex = false;
        var hasMedia = false;
        while (stream.Position < stream.Length)
        {
            var start = stream.Position;
            stream.ReadExactly(header[..8]);
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            var type = Encoding.Latin1.GetString(header[4..8]);
            if (size == 1)
            {
                stream.ReadExactly(header[8..]);
                size = BinaryPrimitives.ReadInt64BigEndian(header[8..]);
            }
            else if (size == 0)
            {
                size = stream.Length - start;
            }

            if (size < stream.Position - start)
            {
                throw new VideoFileException(path, $"\"{path}\" is damaged: the mp4 box at byte {start} gives its size as {size}.");
            }

            if (size > stream.Length - start)
            {
                throw Container.Truncated(path, stream.Length);
            }

            hasIndex |= type == "moov";
            hasMedia |= type is "mdat" or "moof";
            stream.Position = start + size;
        }

        if (!hasIndex || !hasMedia)
        {
            throw new VideoFileException(path,
                $"\"{path}\" is not a complete mp4: it has no {(hasIndex ? "media data (mdat)" : "index (moov)")}, " +
                "as when writing it was cut short. Generate it again.");
        }

        return true;
    });
}
