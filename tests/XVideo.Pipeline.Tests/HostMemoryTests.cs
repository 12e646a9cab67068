using XVideo.Pipeline.Memory;

namespace XVideo.Pipeline.Tests;

public sealed class HostMemoryTests : IDisposable
{
    private const long MiB = 1 << 20;
    private readonly string _root = Directory.CreateTempSubdirectory("xvideo-proc-").FullName;

    public HostMemoryTests()
    {
        Write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1048576 kB\nMemAvailable:    8388608 kB\n");
        Write("proc/self/status", "Name:\txvideo\nVmRSS:\t  204800 kB\nRssAnon:\t  102400 kB\n");
    }

    private HostMemory Memory => new(Path.Combine(_root, "proc"), Path.Combine(_root, "cgroup"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Memory_WithoutControlGroups_IsThatOfTheMachineAndWhatTheProcessHolds()
    {
        Assert.Equal(16384 * MiB, Memory.TotalBytes());
        Assert.Equal((8192 + 100) * MiB, Memory.AvailableBytes());
    }

    [Fact]
    public void Memory_OfASystemdService_IsTheLeastOfItsGroups()
    {
        Write("proc/self/cgroup", "0::/system.slice/xvideo.service\n");
        WriteGroup("cgroup", "max", 12_000);
        WriteGroup("cgroup/system.slice", $"{4096 * MiB}", 3000, cached: 1000);
        WriteGroup("cgroup/system.slice/xvideo.service", $"{6000 * MiB}", 5900, cached: 0);

        Assert.Equal(4096 * MiB, Memory.TotalBytes());
        // The service may have 100 MiB more, though its slice has 2096.
        Assert.Equal((100 + 100) * MiB, Memory.AvailableBytes());
    }

    [Fact]
    public void Memory_OfAContainer_IsThatOfTheRootItSees()
    {
        Write("proc/self/cgroup", "0::/../../kubepods/pod1/container\n");
        WriteGroup("cgroup", $"{2048 * MiB}", 1500, cached: 500);

        Assert.Equal(2048 * MiB, Memory.TotalBytes());
        Assert.Equal((1048 + 100) * MiB, Memory.AvailableBytes());
    }

    [Fact]
    public void Memory_OfVersionOne_IsReadAsWell()
    {
        Write("proc/self/cgroup", "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n");
        Write("cgroup/memory/memory.limit_in_bytes", $"{1024 * MiB}\n");
        Write("cgroup/memory/memory.usage_in_bytes", $"{900 * MiB}\n");
        Write("cgroup/memory/memory.stat", $"cache 5\ninactive_file 7\ntotal_inactive_file {400 * MiB}\n");

        Assert.Equal(1024 * MiB, Memory.TotalBytes());
        Assert.Equal((524 + 100) * MiB, Memory.AvailableBytes());
    }

    [Fact]
    public void Memory_OfThisMachine_IsPositiveAndNoMoreThanThereIs()
    {
        var memory = HostMemory.OfThisMachine;

        Assert.InRange(memory.TotalBytes(), 64 * MiB, long.MaxValue >> 10);
        Assert.InRange(memory.AvailableBytes(), 1, memory.TotalBytes() + (memory.TotalBytes() / 10));
    }

    private void WriteGroup(string folder, string limit, long usedMiB, long cached = 0)
    {
        Write($"{folder}/memory.max", limit + "\n");
        Write($"{folder}/memory.current", $"{usedMiB * MiB}\n");
        Write($"{folder}/memory.stat", $"anon 1\ninactive_file {cached * MiB}\nactive_file 2\n");
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
