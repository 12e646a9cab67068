using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace XVideo.Torch.Safetensors;

/// <summary>One safetensors file, mapped read-only; its header is fully checked before any data can be reached.</summary>
/// <remarks>
/// <para>
/// The data is the file itself: if another program shortens the file while it is mapped, the next read of a lost page raises SIGBUS and ends
/// the process. No check here can prevent that. Replace model files by renaming a new file over the old one, as
/// <see cref="SafetensorsWriter"/> does: the mapped file then stays whole until it is disposed.
/// </para>
/// <para>Safe for reads from several threads. Pointers and spans end with <see cref="Dispose"/>; using one afterwards is undefined.</para>
/// </remarks>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    private SafetensorsFile(string path, SafeFileHandle handle)
    {
        Path = path;
        LengthInBytes = RandomAccess.GetLength(handle);
        SafetensorsHeader header = SafetensorsHeader.Read(path, handle, LengthInBytes);
        Entries = header.Entries;
        Metadata = header.Metadata;
        _map = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        try
        {
            _view = _map.CreateViewAccessor(0, LengthInBytes, MemoryMappedFileAccess.Read);
        }
        catch
        {
            _map.Dispose();
            throw;
        }

        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    /// <summary>The path given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>Length of the whole file.</summary>
    public long LengthInBytes { get; }

    /// <summary>Tensors by name, enumerated in the order of their data.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>The file's own key-value notes; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens, checks and maps a file. Nothing of the data is read yet.</summary>
    /// <exception cref="ModelFileException">
    /// The file is missing, not readable, or breaks a rule of the format; all broken rules are listed.
    /// </exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle? handle = null;
        try
        {
            // A pipe would block the open below for ever; it has length 0, and so has no file that could be accepted.
            FileInfo target = new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
            if (target is { Exists: true, Length: 0 })
            {
                throw new ModelFileException(path, SafetensorsHeader.TooShort(0));
            }

            handle = File.OpenHandle(path);
            return new SafetensorsFile(path, handle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            handle?.Dispose();
            throw new ModelFileException(path, WhyNotOpened(path, e), e);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <summary>Address of the tensor's first byte; valid for <see cref="SafetensorsEntry.SizeInBytes"/> bytes until <see cref="Dispose"/>.</summary>
    /// <param name="entry">An entry of this file.</param>
    /// <returns>A read-only address: writing through it ends the process. It may be unaligned for the element type.</returns>
    /// <exception cref="ArgumentException">The entry is not one of this file.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public byte* Pointer(SafetensorsEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ObjectDisposedException.ThrowIf(_start == null, this);

        // Identity, not equality: an entry made elsewhere could point anywhere.
        if (!Entries.TryGetValue(entry.Name, out SafetensorsEntry? own) || !ReferenceEquals(own, entry))
        {
            throw new ArgumentException(
                $"Tensor {ProblemList.Quote(entry.Name)} is not an entry of {Path}. Take it from this file's Entries.", nameof(entry));
        }

        return _start + entry.Offset;
    }

    /// <summary>The tensor's bytes, up to 2,147,483,647 of them.</summary>
    /// <exception cref="ArgumentException">The entry is not one of this file, or is larger than a span can be.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public ReadOnlySpan<byte> Bytes(SafetensorsEntry entry)
    {
        byte* start = Pointer(entry);
        if (entry.SizeInBytes > int.MaxValue)
        {
            throw new ArgumentException(
                $"Tensor {ProblemList.Quote(entry.Name)} has {entry.SizeInBytes} bytes; a span holds at most {int.MaxValue}. Use Pointer.",
                nameof(entry));
        }

        return new ReadOnlySpan<byte>(start, (int)entry.SizeInBytes);
    }

    /// <summary>
    /// Starts reading the tensor's bytes into the page cache and returns at once (Linux; nothing happens elsewhere). Worth a call before a
    /// large tensor is read, or for the next one while this one is converted.
    /// </summary>
    /// <remarks>
    /// Measured on a cold 1 GB file: about a tenth faster than no advice. Advice for sequential reading (MADV_SEQUENTIAL) was slower than none.
    /// </remarks>
    /// <exception cref="ArgumentException">The entry is not one of this file.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public void Prefetch(SafetensorsEntry entry) => PageAdvice.Prefetch(Pointer(entry), entry.SizeInBytes);

    /// <summary>
    /// Gives the tensor's pages back to the system (Linux; nothing happens elsewhere), so that resident memory does not grow while weights are
    /// converted one by one. The bytes stay readable: a later read brings them back.
    /// </summary>
    /// <remarks>The pages shared with neighbours are released too; that is harmless, as the map is read-only, and leaves nothing resident.</remarks>
    /// <exception cref="ArgumentException">The entry is not one of this file.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public void ReleasePages(SafetensorsEntry entry) => PageAdvice.Release(Pointer(entry), entry.SizeInBytes);

    /// <summary>Unmaps the file; calling it again does nothing.</summary>
    public void Dispose()
    {
        if (_start == null)
        {
            return;
        }

        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private static string WhyNotOpened(string path, Exception error)
    {
        if (Directory.Exists(path))
        {
            return "This is a folder, and a safetensors file is needed. Name the file in it.";
        }

        return error switch
        {
            FileNotFoundException or DirectoryNotFoundException => "The file does not exist. Check the path, or download the model again.",
            UnauthorizedAccessException => "The file may not be read by this user. Give read permission (chmod +r) or run as its owner.",
            _ => $"The file cannot be opened: {error.Message}",
        };
    }
}
