using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace XVideo.Train.Replicas;

/// <summary>Memory that the replicas of one machine share, and a barrier over it.</summary>
/// <remarks>
/// Layout: one counter and one number per replica, each in a cache line of its own; then a part of the same length per replica and one for the result.
/// </remarks>
internal sealed unsafe partial class SharedMemory : IDisposable
{
    private const int Line = 64;
    private const int Page = 4096;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _rank, _size;
    private readonly long _partBytes, _bytes;
    private long _meetings;

    /// <param name="path">The same for all replicas; whoever comes first makes it. Best in memory (/dev/shm).</param>
    /// <param name="rank">This replica.</param>
    /// <param name="size">All replicas.</param>
    /// <param name="partBytes">Bytes of one part.</param>
    public SharedMemory(string path, int rank, int size, long partBytes)
    {
        (_rank, _size, _partBytes) = (rank, size, partBytes);
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        _bytes = (2L * Page) + ((size + 1) * partBytes);
        if (stream.Length < _bytes) stream.SetLength(_bytes);
        _file = MemoryMappedFile.CreateFromFile(stream, null, _bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, _bytes);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>Lets the current GPU copy to and from here without a detour. Where the driver cannot, copies take the detour.</summary>
    public void PinForGpu() => _ = HostRegister(_start, (nuint)_bytes, 0);

    /// <summary>What a replica brings.</summary>
    public byte* Part(int rank) => _start + (2 * Page) + (rank * _partBytes);

    /// <summary>What they make of it.</summary>
    public byte* Result => Part(_size);

    /// <summary>One number of a replica.</summary>
    public ref double Number(int rank) => ref *(double*)(_start + Page + (rank * Line));

    /// <summary>Returns once every replica has come here as often as this one; what they wrote before can be read then.</summary>
    public void Meet()
    {
        var meeting = ++_meetings;
        Volatile.Write(ref Counter(_rank), meeting);
        var wait = new SpinWait();
        for (var rank = 0; rank < _size; rank++)
            while (Volatile.Read(ref Counter(rank)) < meeting) wait.SpinOnce(sleep1Threshold: -1);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    [LibraryImport("libcuda.so.1", EntryPoint = "cuMemHostRegister_v2")]
    private static partial int HostRegister(void* start, nuint bytes, uint flags);

    private ref long Counter(int rank) => ref *(long*)(_start + (rank * Line));
}
