using Npgsql;

namespace XVideo.Service.Store.Postgres;

/// <summary>PostgreSQL's errors in the store's terms.</summary>
internal static class PostgresProblems
{
    /// <summary>Whether the same work may succeed at once or soon: the connection broke, the server stops or starts, transactions collided, or a lock was not to be had.</summary>
    public static bool IsPassing(NpgsqlException error) => State(error) switch
    {
        null => true,
        "40001" or "40P01" or "55P03" => true,
        var state => state.StartsWith("08", StringComparison.Ordinal) || IsStopped(state),
    };

    public static JobStoreException Explain(NpgsqlException error, string server)
    {
        var state = State(error);
        var (problem, advice) = state switch
        {
            "53100" => (JobStoreProblem.DiskFull, "Make space on the server's disk."),
            null or "40001" or "40P01" or "55P03" or "57014" or "53300" => (JobStoreProblem.Unavailable, "Try again; if it stays so, look at the server."),
            _ when IsPassing(error) => (JobStoreProblem.Unavailable, "Try again; if it stays so, look at the server."),
            _ when state.StartsWith("28", StringComparison.Ordinal) || state.StartsWith("3D", StringComparison.Ordinal) => (JobStoreProblem.Refused, "Check user, password and database in the connection string."),
            "42501" => (JobStoreProblem.Refused, "The user must be allowed to make tables in the database's schema."),
            _ => (JobStoreProblem.Refused, "The server's log may say more."),
        };
        return new(problem, $"PostgreSQL, at {server}: {error.Message}{(state is null ? "" : $" (SQLSTATE {state})")}. {advice}", error);
    }

    // 57P01 … 57P03: administrator's shutdown, crash, starting up.
    private static bool IsStopped(string state) => state.StartsWith("57P", StringComparison.Ordinal);

    private static string? State(NpgsqlException error) => (error as PostgresException)?.SqlState;
}
