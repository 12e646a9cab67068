namespace XVideo.Service.Store;

/// <summary>Which start of the machine this is.</summary>
public static class MachineBoot
{
    private const string LinuxFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Another text after every start of the machine. Where the system does not say (other systems than Linux), the machine's name, which never changes.</summary>
    public static string Id { get; } = File.Exists(LinuxFile) ? File.ReadAllText(LinuxFile).Trim() : Environment.MachineName;
}
