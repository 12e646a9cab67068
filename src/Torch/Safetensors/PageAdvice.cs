using System.Runtime.InteropServices;

namespace XVideo.Torch.Safetensors;

/// <summary>
/// madvise on Linux, nothing elsewhere. Its result is not looked at: advice that is not taken costs speed or memory, never correctness.
/// </summary>
internal static unsafe partial class PageAdvice
{
    // Source: madvise(2), values of <sys/mman.h> on Linux.
    private const int WillNeed = 3;
    private const int DontNeed = 4;

    /// <summary>Starts reading the range from the disk and returns at once.</summary>
    public static void Prefetch(byte* start, long length) => Advise(start, length, WillNeed);

    /// <summary>Unmaps the resident pages of the range; a later read brings them back from the page cache or the disk.</summary>
    public static void Release(byte* start, long length) => Advise(start, length, DontNeed);

    private static void Advise(byte* start, long length, int advice)
    {
        if (!OperatingSystem.IsLinux() || length == 0)
        {
            return;
        }

        // madvise wants an aligned start; it rounds the length up itself.
        nint lead = (nint)start % Environment.SystemPageSize;
        _ = Madvise(start - lead, (nuint)(length + lead), advice);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);
}
