using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace XVideo.Service.Tests.Observe;

/// <summary>Keeps everything that a server logs, down to the last detail.</summary>
internal sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<Line> _lines = [];
    private IExternalScopeProvider? _scopes;

    public IReadOnlyCollection<Line> Lines => _lines;

    /// <summary>To be handed to a server.</summary>
    public void Attach(WebApplicationBuilder builder) => builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    /// <summary>One line with its scopes, as text and as fields.</summary>
    internal sealed record Line(string Category, LogLevel Level, int EventId, string Text, string Scopes, IReadOnlyDictionary<string, object?> Fields);

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => capture._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            var fields = new Dictionary<string, object?>();
            capture._scopes?.ForEachScope((scope, _) =>
            {
                scopes.Add(scope?.ToString() ?? "");
                foreach (var (name, value) in scope as IEnumerable<KeyValuePair<string, object?>> ?? []) fields[name] = value;
            }, 0);
            capture._lines.Enqueue(new Line(category, logLevel, eventId.Id, $"{formatter(state, exception)} {exception}", string.Join(" => ", scopes), fields));
        }
    }
}
