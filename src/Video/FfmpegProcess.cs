using System.Diagnostics;

namespace XVideo.Video;

/// <summary>
/// One running ffmpeg or ffprobe. Its standard error is drained from the start, so it can never block on a full pipe,
/// and disposing always ends it: no process outlives its owner.
/// </summary>
internal sealed class FfmpegProcess : IDisposable
{
    private const int TailLines = 12;
    private const int TailLineLength = 400;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _tail = new();
    private readonly Task _errorDrain;
    private bool _disposed;

    private FfmpegProcess(Process process)
    {
        _process = process;
        _errorDrain = Task.Run(DrainErrorAsync);
    }

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines written to standard error so far, joined by newlines.</summary>
    public string ErrorTail
    {
        get
        {
            lock (_tail)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    /// <summary>Starts the program with all three streams redirected and no shell in between.</summary>
    /// <exception cref="FfmpegException">The program cannot be started at all.</exception>
    public static FfmpegProcess Start(string program, IEnumerable<string> arguments, string workingDirectory = "")
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = workingDirectory,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        // FFREPORT makes ffmpeg drop a log file into the current folder.
        start.Environment.Remove("FFREPORT");
        try
        {
            return new FfmpegProcess(Process.Start(start)!);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new FfmpegException($"\"{program}\" could not be started: {e.Message}.", null, "", e);
        }
    }

    /// <summary>Runs a program whose output fits in memory. Ends it after <paramref name="timeout"/>.</summary>
    /// <returns>Exit code, standard output, and the tail of standard error.</returns>
    public static (int ExitCode, string Output, string ErrorTail) Run(
        string program, IEnumerable<string> arguments, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var process = Start(program, arguments);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        using var killer = limit.Token.Register(process.Kill);
        process.Input.Dispose();
        var output = process._process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        if (limit.IsCancellationRequested)
        {
            throw new FfmpegException(
                $"\"{program}\" did not finish within {timeout.TotalSeconds:0} s and was ended.{Lines(process.ErrorTail)}", null, process.ErrorTail);
        }

        return (process.ExitCode, output, process.ErrorTail);
    }

    /// <summary>Waits for the end of the program and of its standard error.</summary>
    public bool WaitForExit(TimeSpan? timeout = null)
    {
        if (!_process.WaitForExit(timeout ?? Timeout.InfiniteTimeSpan))
        {
            return false;
        }

        // A stray grandchild may keep the pipe open; its output is not worth waiting for.
        _errorDrain.Wait(DrainTimeout);
        return true;
    }

    /// <summary>Ends the program and everything it started. Harmless when it has ended already.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It ended between our decision and the signal, which is what was wanted.
        }
    }

    /// <summary>"exited with code 1" or "was killed by signal 9 (SIGKILL)".</summary>
    public string DescribeExit() => DescribeExit(ExitCode);

    public static string DescribeExit(int exitCode) => exitCode > 128 && exitCode - 128 is var signal && SignalName(signal) is { } name
        ? $"was killed by signal {signal} ({name})"
        : $"exited with code {exitCode}";

    /// <summary>The tail as an appendix to a message: empty, or a new paragraph.</summary>
    public static string Lines(string errorTail) => errorTail.Length == 0 ? "" : $"\nIts last lines:\n{errorTail}";

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            Kill();
            _process.WaitForExit();
        }

        _errorDrain.Wait(DrainTimeout);
        CloseQuietly(Input);
        CloseQuietly(Output);
        _process.Dispose();
    }

    private static void CloseQuietly(Stream pipe)
    {
        try
        {
            pipe.Dispose();
        }
        catch (IOException)
        {
            // Flushing into the pipe of an ended process; the failure was reported when it mattered.
        }
    }

    private static string? SignalName(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        _ => null,
    };

    private async Task DrainErrorAsync()
    {
        try
        {
            while (await _process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                lock (_tail)
                {
                    _tail.Enqueue(line.Length > TailLineLength ? line[..TailLineLength] + "…" : line);
                    if (_tail.Count > TailLines)
                    {
                        _tail.Dequeue();
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The pipe went away with the process; what was read so far is all there is.
        }
    }
}
