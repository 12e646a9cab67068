using Microsoft.Extensions.Logging;
using Npgsql;

namespace XVideo.Service.Store.Postgres;

/// <summary>Hears, over a connection of its own, what other processes announce. Whenever the connection has been made anew, it takes it that there is work: what was announced meanwhile is lost.</summary>
internal sealed partial class PostgresListener : IAsyncDisposable
{
    public const string WorkChannel = "video_jobs", CancelChannel = "video_cancel";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource stopping = new();
    private readonly string connectionString;
    private readonly ILogger logger;
    private readonly Action work;
    private readonly Action<string> cancel;
    private readonly Task running;

    public PostgresListener(NpgsqlConnectionStringBuilder connection, ILogger logger, Action work, Action<string> cancel)
    {
        connectionString = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Pooling = false, KeepAlive = 30 }.ConnectionString;
        (this.logger, this.work, this.cancel) = (logger, work, cancel);
        running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => pause = FirstPause).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            // Whatever it was: without announcements the store goes on, more slowly.
            catch (Exception error)
            {
                ConnectionLost(error.Message, pause);
            }
            await Task.Delay(pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ListenAsync(Action connected)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(stopping.Token).ConfigureAwait(false);
        connection.Notification += (_, announced) =>
        {
            if (announced.Channel == CancelChannel) cancel(announced.Payload);
            else work();
        };
        await using (var command = new NpgsqlCommand($"LISTEN {WorkChannel}; LISTEN {CancelChannel}", connection))
            await command.ExecuteNonQueryAsync(stopping.Token).ConfigureAwait(false);
        connected();
        work();
        while (true) await connection.WaitAsync(stopping.Token).ConfigureAwait(false);
    }

    [LoggerMessage(2001, LogLevel.Warning, "The connection that listens to PostgreSQL is lost ({Reason}); trying again in {Pause}. Until then new work is found by asking.")]
    private partial void ConnectionLost(string reason, TimeSpan pause);
}
