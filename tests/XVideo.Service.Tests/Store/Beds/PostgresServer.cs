using System.Diagnostics;
using Npgsql;

namespace XVideo.Service.Tests.Store;

/// <summary>
/// A real PostgreSQL from the system's package, as an ordinary process in a temporary folder, reached over a socket in it. It ends with this process,
/// however that ends: the shell around it waits for its input to close.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "xvideo";

    // The shell is the server's parent. A closed input, or the word "kill" on it, ends the server; the folder goes with the former.
    private const string Keeper = """
        trap '' INT TERM
        "$@" & server=$!
        if read word; then kill -QUIT $server; wait $server; else kill -INT $server; wait $server; rm -rf "$XVIDEO_FOLDER"; fi
        """;

    private static readonly Lazy<Task<PostgresServer>> SharedServer = new(() => StartNewAsync(isDurable: false));

    private readonly string folder;
    private readonly bool isDurable;
    private Process keeper;

    private PostgresServer(string folder, bool isDurable)
    {
        (this.folder, this.isDurable) = (folder, isDurable);
        keeper = Start();
    }

    /// <summary>Why there can be none here; <see langword="null"/> if there can.</summary>
    public static string? MissingReason { get; } = Binaries is null
        ? "no PostgreSQL server was found under /usr/lib/postgresql: apt-get install -y --no-install-recommends postgresql, or set XVIDEO_TEST_POSTGRES to the folder of initdb and postgres"
        : Environment.UserName == "root" && Account is null ? "PostgreSQL refuses to run as root, and there is no setpriv or no user postgres or nobody to run it as" : null;

    private static string? Binaries => Environment.GetEnvironmentVariable("XVIDEO_TEST_POSTGRES") is { Length: > 0 } named ? named
        : !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "postgres"))).Order().LastOrDefault();

    private static string? Account => !File.Exists("/usr/bin/setpriv") ? null
        : ((string[])["postgres", "nobody"]).FirstOrDefault(name => File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{name}:", StringComparison.Ordinal)));

    /// <summary>One for all tests that do it no harm.</summary>
    public static Task<PostgresServer> SharedAsync() => SharedServer.Value;

    /// <summary>One of the caller's own.</summary>
    /// <param name="isDurable">Whether what it holds survives <see cref="KillAsync"/>; it is slower then.</param>
    public static async Task<PostgresServer> StartNewAsync(bool isDurable)
    {
        var folder = Directory.CreateTempSubdirectory("xvpg-").FullName;
        if (Environment.UserName == "root") await RunAsync("chown", Account!, folder);
        await RunAsync([.. AsAccount(), Path.Combine(Binaries!, "initdb"), "-D", Path.Combine(folder, "data"), "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        var server = new PostgresServer(folder, isDurable);
        await server.WaitUntilReadyAsync();
        return server;
    }

    public string ConnectionString(string database) => $"Host={folder};Database={database};Username={User};Timeout=5";

    public async Task ExecuteAsync(string text)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As after a power cut: nothing is written that was not.</summary>
    public async Task KillAsync()
    {
        await keeper.StandardInput.WriteLineAsync("kill");
        await keeper.StandardInput.FlushAsync();
        await keeper.WaitForExitAsync();
        keeper.Dispose();
    }

    public async Task RestartAsync()
    {
        keeper = Start();
        await WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        keeper.StandardInput.Close();
        await keeper.WaitForExitAsync();
        keeper.Dispose();
    }

    private Process Start()
    {
        string[] server = [.. AsAccount(), Path.Combine(Binaries!, "postgres"), "-D", Path.Combine(folder, "data"), "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=100", "-c", "shared_buffers=32MB",
            "-c", $"fsync={(isDurable ? "on" : "off")}"];
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", Keeper, "sh", .. server]) start.ArgumentList.Add(argument);
        start.Environment["XVIDEO_FOLDER"] = folder;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task WaitUntilReadyAsync()
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < TimeSpan.FromSeconds(60) && !keeper.HasExited)
            {
            }
        }
    }

    private static string[] AsAccount() => Environment.UserName == "root" ? ["setpriv", $"--reuid={Account}", $"--regid={(Account == "nobody" ? "nogroup" : Account)}", "--clear-groups", "--"] : [];

    private static async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in command[1..]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}: {await output} {await error}");
    }
}
