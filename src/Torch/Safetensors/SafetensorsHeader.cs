using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace XVideo.Torch.Safetensors;

/// <summary>
/// The checked header of one file. It is read through the file handle, not through the memory map, so that nothing is mapped until
/// every offset is known to lie inside the file.
/// </summary>
/// <remarks>
/// Source: the safetensors format description: u64 little-endian length, JSON header, data without holes; header at most 100 MB.
/// </remarks>
internal sealed class SafetensorsHeader
{
    public const int PrefixLength = 8;
    public const int MaxLength = 100_000_000;

    private SafetensorsHeader(IReadOnlyDictionary<string, SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public static SafetensorsHeader Read(string path, SafeFileHandle handle, long fileLength)
    {
        if (fileLength < PrefixLength)
        {
            throw new ModelFileException(path, TooShort(fileLength));
        }

        byte[] prefix = new byte[PrefixLength];
        Fill(path, handle, prefix, 0);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long room = fileLength - PrefixLength;
        if (length > (ulong)Math.Min(room, MaxLength))
        {
            throw new ModelFileException(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The header length is {length} bytes; at most {Math.Min(room, MaxLength)} are possible here (the file has {fileLength} bytes, ")
                + $"and a header is at most {MaxLength}). {Suspect(prefix)}");
        }

        byte[] json = GC.AllocateUninitializedArray<byte>((int)length);
        Fill(path, handle, json, PrefixLength);
        ProblemList problems = new();
        HeaderJsonReader reader = new(problems);
        reader.Read(json);
        problems.ThrowIfAny(path);

        long dataStart = PrefixLength + json.Length;
        reader.Tensors.Sort(static (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        CheckRanges(reader.Tensors, fileLength - dataStart, problems);
        problems.ThrowIfAny(path);

        OrderedDictionary<string, SafetensorsEntry> entries = new(reader.Tensors.Count, StringComparer.Ordinal);
        foreach (HeaderTensor tensor in reader.Tensors)
        {
            entries.Add(
                tensor.Name,
                new SafetensorsEntry(tensor.Name, tensor.DType, Array.AsReadOnly(tensor.Shape), dataStart + tensor.Begin, tensor.End - tensor.Begin));
        }

        return new SafetensorsHeader(new ReadOnlyDictionary<string, SafetensorsEntry>(entries), reader.Metadata.AsReadOnly());
    }

    public static string TooShort(long fileLength) =>
        $"The file has {fileLength} bytes; a safetensors file has at least {PrefixLength}, which give the length of its header. "
        + "Download or export it again.";

    /// <summary>Every byte of data must belong to exactly one tensor: no overlap, no hole, nothing missing and nothing left at the end.</summary>
    private static void CheckRanges(List<HeaderTensor> sorted, long dataLength, ProblemList problems)
    {
        long covered = 0;
        string previous = "";
        int outside = 0;
        HeaderTensor firstOutside = default;
        foreach (HeaderTensor tensor in sorted)
        {
            if (tensor.Begin < covered)
            {
                problems.Add(
                    $"Tensor {ProblemList.Quote(tensor.Name)} begins at data byte {tensor.Begin}, inside tensor "
                    + $"{ProblemList.Quote(previous)} which ends at {covered}; tensors must not overlap. Export the file again.");
            }
            else if (tensor.Begin > covered)
            {
                problems.Add(
                    $"Data bytes {covered} to {tensor.Begin} before tensor {ProblemList.Quote(tensor.Name)} belong to no tensor; "
                    + "holes are not allowed. Export the file again.");
            }

            if (tensor.End > dataLength && outside++ == 0)
            {
                firstOutside = tensor;
            }

            if (tensor.End >= covered)
            {
                covered = tensor.End;
                previous = tensor.Name;
            }
        }

        if (outside > 0)
        {
            problems.Add(
                $"{outside} of {sorted.Count} tensors end past the end of the file, the first is {ProblemList.Quote(firstOutside.Name)}: "
                + $"it ends at data byte {firstOutside.End} and the file has {dataLength} data bytes of {covered}. "
                + "The file is truncated or damaged; download it again.");
        }
        else if (covered < dataLength)
        {
            problems.Add(
                $"The file has {dataLength} data bytes but its tensors end at {covered}: {dataLength - covered} trailing bytes belong to no tensor. "
                + "Download or export it again.");
        }
    }

    private static void Fill(string path, SafeFileHandle handle, Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(handle, target, offset);
            if (read == 0)
            {
                throw new ModelFileException(
                    path, $"The file ended at byte {offset} while its header was read: it became shorter. Do not change it while it is in use.");
            }

            target = target[read..];
            offset += read;
        }
    }

    /// <summary>The usual files that are mistaken for safetensors, told by their first bytes.</summary>
    private static string Suspect(ReadOnlySpan<byte> prefix)
    {
        if (prefix.StartsWith("version "u8))
        {
            return "It looks like a Git LFS pointer: fetch the real file with 'git lfs pull'.";
        }

        if (prefix.StartsWith("PK"u8))
        {
            return "It looks like a zip or PyTorch .pt file: convert it to safetensors.";
        }

        return prefix[0] == (byte)'<'
            ? "It looks like a web page: the download failed, repeat it."
            : "It is not a safetensors file, or it is truncated or damaged; download it again.";
    }
}
