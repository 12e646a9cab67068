using System.Diagnostics;

namespace XVideo.ServiceBench.Processes;

/// <summary>A server or worker as a process of its own, to be killed, stopped and continued.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Task _pump;

    private ServerProcess(Process process, string log)
    {
        _process = process;
        _pump = PumpAsync(process, log);
    }

    /// <summary>Where it listens; <see langword="null"/> for a worker.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Of the operating system.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a server and waits for the address that it prints.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="log">File that its log is added to.</param>
    /// <param name="environment">Variables to set.</param>
    /// <exception cref="InvalidOperationException">It ended before it listened.</exception>
    public static async Task<ServerProcess> StartServerAsync(IEnumerable<string> command, string log, params IEnumerable<(string Name, string Value)> environment)
    {
        var server = StartWorker(command, log, environment);
        using var limit = new CancellationTokenSource(Patience);
        var line = await server._process.StandardOutput.ReadLineAsync(limit.Token);
        if (!Uri.TryCreate(line, UriKind.Absolute, out var address))
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server \"{string.Join(' ', command)}\" printed \"{line}\" instead of an address; its log is {log}:\n{Tail(log)}");
        }
        server.Address = address;
        return server;
    }

    /// <summary>Starts a process that prints nothing of interest.</summary>
    public static ServerProcess StartWorker(IEnumerable<string> command, string log, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(command.First()) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("XVIDEO_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new ServerProcess(process, log);
    }

    /// <summary>Ends it without a chance to say or write anything.</summary>
    public async Task KillAsync()
    {
        Signals.Send(_process.Id, Signals.Kill);
        await ExitAsync();
    }

    /// <summary>Asks it to end, and waits.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        Signals.Send(_process.Id, Signals.Terminate);
        await ExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Freezes it.</summary>
    public void Pause() => Signals.Send(_process.Id, Signals.Stop);

    /// <summary>Lets it go on.</summary>
    public void Resume() => Signals.Send(_process.Id, Signals.Continue);

    /// <summary>Kills it if it is still there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        await _pump;
        _process.Dispose();
    }

    private async Task ExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
    }

    private static async Task PumpAsync(Process process, string log)
    {
        await using var file = new StreamWriter(new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        while (await process.StandardError.ReadLineAsync() is { } line) await file.WriteLineAsync(line);
    }

    private static string Tail(string log) => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(20)) : "";
}
