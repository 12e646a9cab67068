using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Service.Systemd;
using XVideo.Service.Tests.Api;
using XVideo.Service.Worker;

namespace XVideo.Service.Tests.Observe;

public sealed class SystemdTests
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_StartedBySystemd_TellsWhatItDoes(bool isAbstract)
    {
        using var systemd = new Systemd(isAbstract);
        using var engine = new FakeEngine { Remaining = TimeSpan.FromSeconds(1) };
        await using var server = await ApiServer.StartAsync(engine, configure: systemd.Attach);
        await systemd.WaitForAsync("STATUS=idle");
        Assert.Equal("READY=1", systemd.Messages[0]);
        engine.Close();
        var id = await server.AcceptAsync();

        await systemd.WaitForAsync($"STATUS=working on {id}");
        await systemd.WaitForAsync("WATCHDOG=1");
        var stop = server.StopAsync();
        await systemd.WaitForAsync($"STOPPING=1\nSTATUS=stopping after {id}");
        engine.Open();
        await stop;
    }

    [Fact]
    public async Task Server_WhoseEngineHangs_NoLongerPings()
    {
        using var systemd = new Systemd(isAbstract: true);
        using var engine = new FakeEngine { IsDeaf = true };
        engine.Close();
        await using var server = await ApiServer.StartAsync(
            engine, options => options with { StallTimeout = TimeSpan.FromMilliseconds(100), StallGrace = TimeSpan.FromMinutes(1) }, configure: systemd.Attach);
        var id = await server.AcceptAsync();

        await systemd.WaitForAsync($"STATUS=stalled at {id}");

        var pings = systemd.Messages.Count(message => message == "WATCHDOG=1");
        Assert.Equal(503, (await server.GetAsync("/healthz")).Status);
        await Task.Delay(4 * Watchdog);
        // One may have been on its way.
        Assert.InRange(systemd.Messages.Count(message => message == "WATCHDOG=1"), 1, pings + 1);
        engine.Open();
        await ApiServer.UntilAsync(() => server.GetAsync("/healthz").GetAwaiter().GetResult().Status == 200);
    }

    [Fact]
    public async Task Server_WithoutAWorker_SaysSo()
    {
        using var systemd = new Systemd(isAbstract: false);
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false }, configure: systemd.Attach);

        await systemd.WaitForAsync("STATUS=serving without a worker");
    }

    [Fact]
    public async Task Server_WhoseSystemdIsGone_Works()
    {
        using var systemd = new Systemd(isAbstract: true);
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, configure: systemd.Attach);
        await systemd.WaitForAsync("STATUS=idle");
        systemd.Dispose();

        await server.WaitAsync(await server.AcceptAsync(), "completed");
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("", "1000000", null, null)]
    [InlineData("relative", null, null, null)]
    [InlineData("/run/notify", null, null, "/run/notify never")]
    [InlineData("@name", "3000000", null, "@name 3000")]
    [InlineData("@name", "3000000", "77", "@name 3000")]
    [InlineData("@name", "3000000", "78", "@name never")]
    [InlineData("@name", "0", null, "@name never")]
    [InlineData("@name", "soon", null, "@name never")]
    public void Options_FromTheEnvironment_AreWhatSystemdSaid(string? socket, string? watchdog, string? process, string? expected)
    {
        var variables = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = socket, ["WATCHDOG_USEC"] = watchdog, ["WATCHDOG_PID"] = process };

        var options = SystemdOptions.From(variables.GetValueOrDefault, 77);

        Assert.Equal(expected, options is null ? null : $"{options.SocketPath} {options.Watchdog?.TotalMilliseconds.ToString() ?? "never"}");
    }

    // What systemd is to a unit: a datagram socket.
    private sealed class Systemd : IDisposable
    {
        private readonly string? _folder;
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        private readonly List<string> _messages = [];

        public Systemd(bool isAbstract)
        {
            var name = $"xvideo-{Guid.NewGuid():n}";
            _folder = isAbstract ? null : Directory.CreateTempSubdirectory("xvideo-systemd-").FullName;
            Path = isAbstract ? $"@{name}" : System.IO.Path.Combine(_folder!, "notify");
            _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{name}" : Path));
            new Thread(Receive) { IsBackground = true }.Start();
        }

        public string Path { get; }

        public IReadOnlyList<string> Messages
        {
            get
            {
                lock (_messages) return [.. _messages];
            }
        }

        // A test that fails must not end the process of all tests.
        public void Attach(WebApplicationBuilder builder) => builder.Services.AddSystemdNotifications(new SystemdOptions(Path, Watchdog)).AddSingleton<EndProcess>(() => { });

        public async Task WaitForAsync(string message)
        {
            for (var at = 0; !Messages.Contains(message) && at < 1000; at++) await Task.Delay(20);
            Assert.Contains(message, Messages);
        }

        public void Dispose()
        {
            _socket.Dispose();
            if (_folder is not null && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        }

        private void Receive()
        {
            var buffer = new byte[4096];
            try
            {
                while (true)
                {
                    var length = _socket.Receive(buffer);
                    lock (_messages) _messages.Add(Encoding.UTF8.GetString(buffer, 0, length));
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
