using System.Diagnostics;

namespace XVideo.Train.Replicas;

/// <summary>Starts this program once per GPU and waits. When one process fails the others are ended: they would wait for it for ever.</summary>
internal static class ReplicaProcesses
{
    private const string Memory = "/dev/shm";
    private const long EnoughMemory = 1L << 30;

    /// <param name="count">GPUs 0 … count − 1.</param>
    /// <param name="arguments">The command line of this process.</param>
    /// <returns>0, or the exit code of the first process that failed.</returns>
    public static int Run(int count, string[] arguments)
    {
        var folder = Directory.CreateDirectory(Path.Combine(MeetingPlace(), $"xvideo-train-{Environment.ProcessId}")).FullName;
        var running = new List<Process>();
        try
        {
            for (var rank = 0; rank < count; rank++) running.Add(Start(new Membership(rank, count, folder), arguments));
            while (running.Count > 0)
            {
                Thread.Sleep(100);
                foreach (var ended in running.Where(process => process.HasExited).ToList())
                {
                    if (ended.ExitCode != 0) return ended.ExitCode;
                    running.Remove(ended);
                }
            }
            return 0;
        }
        finally
        {
            foreach (var process in running.Where(process => !process.HasExited)) process.Kill(entireProcessTree: true);
            Directory.Delete(folder, recursive: true);
        }
    }

    // A file in memory spares the disk; containers often have next to none of it.
    private static string MeetingPlace() => Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= EnoughMemory ? Memory : Path.GetTempPath();

    private static Process Start(Membership membership, string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        // "dotnet XVideo.Train.dll …": the host comes first, then the assembly.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment[Membership.Variable] = membership.ToString();
        start.Environment["CUDA_VISIBLE_DEVICES"] = membership.Rank.ToString();
        return Process.Start(start)!;
    }
}
