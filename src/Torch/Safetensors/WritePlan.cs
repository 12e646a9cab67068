using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace XVideo.Torch.Safetensors;

/// <summary>Everything about a file to be written that is known before its data: the order, the sizes and the header.</summary>
internal sealed class WritePlan
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlyList<(string Name, SafetensorsDType DType, long[] Shape)> _tensors;
    private readonly int[] _order;
    private readonly byte[] _header;

    /// <param name="tensors">All tensors of the request, already checked.</param>
    /// <param name="members">Which of them go into this file.</param>
    /// <param name="metadata">Notes for the header.</param>
    public WritePlan(
        IReadOnlyList<(string Name, SafetensorsDType DType, long[] Shape)> tensors,
        IEnumerable<int> members,
        IReadOnlyDictionary<string, string>? metadata)
    {
        _tensors = tensors;

        // Wide types first: then every tensor is aligned to its element size, and readers can use it in place.
        _order = [.. members.OrderByDescending(i => tensors[i].DType.SizeInBytes())];
        _header = BuildHeader(metadata);
        LengthInBytes = checked(_header.Length + _order.Sum(Size));
    }

    public long LengthInBytes { get; }

    /// <summary>Checks names and shapes of a whole request; these are mistakes of the calling code.</summary>
    public static void CheckTensors(IReadOnlyList<(string Name, SafetensorsDType DType, long[] Shape)> tensors, string parameter)
    {
        ArgumentNullException.ThrowIfNull(tensors, parameter);
        HashSet<string> names = new(StringComparer.Ordinal);
        Int128 total = 0;
        foreach ((string name, SafetensorsDType dtype, long[] shape) in tensors)
        {
            if (name is null || shape is null)
            {
                throw new ArgumentException("Every tensor needs a name and a shape; one of them is null.", parameter);
            }

            string quoted = ProblemList.Quote(name);
            if (name == HeaderJsonReader.MetadataKey || !names.Add(name))
            {
                throw new ArgumentException(
                    $"Tensor name {quoted} is reserved or used twice; names must be unique and not {HeaderJsonReader.MetadataKey}.", parameter);
            }

            CheckUnicode(name, parameter);
            if (shape.Length > ElementMath.MaxRank || !ElementMath.TrySizeInBytes(shape, dtype, out long size) || (total += size) > long.MaxValue / 2)
            {
                throw new ArgumentException(
                    $"Tensor {quoted} cannot have shape {ProblemList.Show(shape)}: at most {ElementMath.MaxRank} sizes, none negative, "
                    + "all data under 2^62 bytes.",
                    parameter);
            }
        }
    }

    /// <summary>Writes header and data, one tensor at a time, into a finished but not yet committed file.</summary>
    public PendingFile Write(string path, Action<int, Stream> writeData)
    {
        PendingFile file = new(path, LengthInBytes);
        try
        {
            file.Write(_header);
            foreach (int i in _order)
            {
                TensorDataStream stream = new(
                    file, $"{ProblemList.Quote(_tensors[i].Name)} {_tensors[i].DType.FileName()} {ProblemList.Show(_tensors[i].Shape)}", Size(i));
                writeData(i, stream);
                stream.CheckComplete();
            }

            file.Finish();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void CheckUnicode(string text, string parameter)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                throw new ArgumentException(
                    $"{ProblemList.Quote(text)} holds half a surrogate pair, which no file can store. Use valid Unicode.", parameter);
            }
        }
    }

    private long Size(int i)
    {
        ElementMath.TrySizeInBytes(_tensors[i].Shape, _tensors[i].DType, out long size);
        return size;
    }

    private byte[] BuildHeader(IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json, Readable))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(HeaderJsonReader.MetadataKey);
                foreach ((string key, string value) in metadata)
                {
                    CheckUnicode(key, nameof(metadata));
                    CheckUnicode(value, nameof(metadata));
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            long offset = 0;
            foreach (int i in _order)
            {
                writer.WriteStartObject(_tensors[i].Name);
                writer.WriteString("dtype", _tensors[i].DType.FileName());
                writer.WriteStartArray("shape");
                foreach (long dimension in _tensors[i].Shape)
                {
                    writer.WriteNumberValue(dimension);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += Size(i));
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        // Spaces up to a multiple of 8 keep the data that follows aligned.
        int padded = (json.WrittenCount + 7) / 8 * 8;
        if (padded > SafetensorsHeader.MaxLength)
        {
            throw new ArgumentException(
                $"The header would have {padded} bytes; the format allows {SafetensorsHeader.MaxLength}. "
                + "Write fewer tensors or less metadata to one file.");
        }

        byte[] header = new byte[SafetensorsHeader.PrefixLength + padded];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)padded);
        json.WrittenSpan.CopyTo(header.AsSpan(SafetensorsHeader.PrefixLength));
        header.AsSpan(SafetensorsHeader.PrefixLength + json.WrittenCount).Fill((byte)' ');
        return header;
    }
}
