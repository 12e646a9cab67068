using System.Runtime.InteropServices;

namespace XVideo.Service.Files;

/// <summary>Makes the names in a folder survive a power cut; .NET can flush files only.</summary>
internal static class DirectorySync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        var handle = Open(folder, ReadOnly);
        if (handle < 0) throw Failure(folder);
        try
        {
            if (Sync(handle) != 0) throw Failure(folder);
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Failure(string folder) => new($"\"{folder}\" cannot be flushed to the disk: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int handle);
}
