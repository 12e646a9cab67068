namespace XVideo.Service.Store.Sql;

/// <content>The worker processes.</content>
public abstract partial class SqlJobStore
{
    private static readonly TimeSpan HostSilence = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task RegisterWorkerAsync(WorkerInfo worker, CancellationToken cancellationToken = default) => Engine.WriteAsync(async session =>
    {
        if (Engine.IsSingleHost) await RefuseOtherHostAsync(session, worker.Host).ConfigureAwait(false);
        return await session.ExecuteAsync(
            "INSERT INTO workers (worker_id, host, boot_id, pid, device, version, capacity, started_at, last_seen_at, draining) "
            + $"VALUES (@id, @host, @boot, @pid, @device, @version, @capacity, {SqlDialect.Now}, {SqlDialect.Now}, @draining) "
            + "ON CONFLICT (worker_id) DO UPDATE SET host = excluded.host, boot_id = excluded.boot_id, pid = excluded.pid, device = excluded.device, version = excluded.version, capacity = excluded.capacity, "
            + "started_at = excluded.started_at, last_seen_at = excluded.last_seen_at, draining = excluded.draining",
            ("id", worker.WorkerId), ("host", worker.Host), ("boot", worker.BootId), ("pid", worker.ProcessId), ("device", worker.Device), ("version", worker.Version),
            ("capacity", CapacityText.Write(worker.Capacity)), ("draining", worker.IsDraining ? 1 : 0)).ConfigureAwait(false);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TouchWorkerAsync(string workerId, bool isDraining, CancellationToken cancellationToken = default) => Engine.WriteAsync(async session =>
        await session.ExecuteAsync($"UPDATE workers SET last_seen_at = {SqlDialect.Now}, draining = @draining WHERE worker_id = @id", ("draining", isDraining ? 1 : 0), ("id", workerId)).ConfigureAwait(false) > 0, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WorkerInfo>> ListWorkersAsync(CancellationToken cancellationToken = default) => await Engine.ReadAsync(session => session.ListAsync(
        "SELECT worker_id, host, boot_id, pid, device, version, started_at, last_seen_at, draining, capacity FROM workers ORDER BY started_at, worker_id",
        row => new WorkerInfo(row.GetString(0), row.GetString(1), row.GetString(2), row.Int(3), row.GetString(4), row.GetString(5))
        {
            StartedAt = row.Time(6),
            LastSeenAt = row.Time(7),
            IsDraining = row.GetInt64(8) != 0,
            Capacity = CapacityText.Read(row.Text(9)),
        }), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Job>> RemoveWorkerAsync(string workerId, CancellationToken cancellationToken = default) => await Engine.WriteAsync(async session =>
    {
        var jobs = await LoseAsync(session, "lease_owner = @worker", ("worker", workerId)).ConfigureAwait(false);
        await session.ExecuteAsync("DELETE FROM workers WHERE worker_id = @worker", ("worker", workerId)).ConfigureAwait(false);
        return jobs;
    }, cancellationToken).ConfigureAwait(false);

    private static async Task RefuseOtherHostAsync(SqlSession session, string host)
    {
        var other = await session.FirstAsync($"SELECT worker_id, host FROM workers WHERE host <> @host AND last_seen_at > {SqlDialect.Now} - @silence LIMIT 1",
            row => new { Worker = row.GetString(0), Host = row.GetString(1) }, ("host", host), ("silence", HostSilence.Milliseconds())).ConfigureAwait(false);
        if (other is not null)
            throw new JobStoreException(JobStoreProblem.OtherHost,
                $"Worker \"{other.Worker}\" on host \"{other.Host}\" used this SQLite file within the last {HostSilence.TotalSeconds:0} s, and this host is \"{host}\". A SQLite file serves one machine: "
                + "use PostgreSQL for several. If the file was moved here, or this machine's name has changed, wait a minute.");
    }
}
