using System.Runtime.InteropServices;
using XVideo.Pipeline.Requests;

namespace XVideo.Service.Worker;

/// <summary>How a process with a stuck engine ends.</summary>
internal static class StuckProcess
{
    // What was logged goes out on a thread of its own.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>Ends it at once with code 1. An orderly end would run the exit handlers of native libraries, beside a thread that is inside of one.</summary>
    public static void End()
    {
        Thread.Sleep(LastWords);
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) Exit((int)FailureKind.Unexpected);
        Environment.Exit((int)FailureKind.Unexpected);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void Exit(int code);
}
