using System.Runtime.InteropServices;

namespace XVideo.Cuda.Interop;

/// <summary>Gives a finished file its name unless that name is taken. <see cref="File.Move(string, string, bool)"/> looks first and moves then: two processes may both find the name free.</summary>
internal static partial class FilePublication
{
    private const int Exists = 17; // EEXIST

    /// <returns>Whether the file has its name now; <see langword="false"/> when the name was taken.</returns>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public static bool TryPublish(string temporary, string path)
    {
        if (Link(temporary, path) == 0)
        {
            File.Delete(temporary);
            return true;
        }
        if (Marshal.GetLastPInvokeError() == Exists) return false;
        // A file system without hard links: the later of two processes replaces the file of the first by an equal one.
        File.Move(temporary, path, overwrite: true);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
