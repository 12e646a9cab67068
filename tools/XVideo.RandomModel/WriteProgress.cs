using System.Diagnostics;
using System.Globalization;

namespace XVideo.RandomModel;

/// <summary>Tells how far the writing is and how long it will still take: on a terminal in one line, elsewhere a line for every tenth, at most one a second.</summary>
internal sealed class WriteProgress(TextWriter output, bool isTerminal, long totalBytes)
{
    private readonly TimeSpan _pause = TimeSpan.FromSeconds(isTerminal ? 0.25 : 1);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _shown;
    private long _bytes, _tenth;

    public void Add(string part, long bytes)
    {
        _bytes += bytes;
        var isDone = _bytes == totalBytes;
        if (!isDone && (_clock.Elapsed - _shown < _pause || (!isTerminal && 10 * _bytes / totalBytes == _tenth))) return;
        _shown = _clock.Elapsed;
        _tenth = 10 * _bytes / totalBytes;
        var left = _clock.Elapsed * ((totalBytes - _bytes) / (double)_bytes);
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{part,-12} {100.0 * _bytes / totalBytes,3:0} %, {_bytes / 1e9:0.00} of {totalBytes / 1e9:0.00} GB, {left.TotalSeconds:0} s left");
        output.Write(isTerminal ? $"\r{line,-70}{(isDone ? "\n" : "")}" : line + "\n");
    }
}
