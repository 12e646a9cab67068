using System.Diagnostics;

namespace XVideo.Service.Tests.Observe;

/// <summary>Needs a small file system of its own, which only root can mount.</summary>
internal sealed class TmpfsFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Problem = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("xvideo-tmpfs-").FullName;
        var problem = Mount(folder);
        if (problem is null) Unmount(folder);
        Directory.Delete(folder);
        return problem;
    });

    public TmpfsFactAttribute()
    {
        if (Problem.Value is { } problem) Skip = $"SKIPPED, a full disk is not tried: no small file system can be mounted here ({problem.Trim()}).";
    }

    /// <summary>Makes a folder a disk of 4 MiB.</summary>
    /// <returns>Why not, or <see langword="null"/>.</returns>
    public static string? Mount(string folder) => Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder);

    public static string? Unmount(string folder) => Run("umount", "-l", folder);

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return error.Message;
        }
    }
}
