using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using XVideo.Service.Store;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api.Security;

public sealed class QueryLogTests
{
    [Fact]
    public async Task Log_OfEverything_HasNoTokenAndNoQuery()
    {
        var video = JobId.New();
        using var engine = new FakeEngine();
        await using var bed = new SqliteBed();
        using var log = new Recorder();
        var options = new ServiceOptions { FilesFolder = Path.Combine(bed.Folder, "files"), Port = 0, MinimumFreeBytes = 0, RequiresKeys = false };
        await using var app = VideoServer.Create(options, await bed.OpenAsync(), engine, builder => builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        foreach (var path in (string[])["content", "events", "preview", "nope"]) using (await client.GetAsync($"/v1/videos/{video}/{path}?token=distinctive&other=remarkable")) { }

        await app.StopAsync();
        Assert.Contains(log.Lines, line => line.Contains(video, StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("distinctive", StringComparison.Ordinal) || line.Contains("remarkable", StringComparison.Ordinal));
    }

    private sealed class Recorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
