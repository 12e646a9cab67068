namespace XVideo.Service.Store.Sql;

/// <summary>
/// The few words in which SQLite and PostgreSQL differ. What else could differ is made alike: both have the functions <c>xvideo_now()</c> (unix ms),
/// <c>xvideo_lease_now()</c> (the clock leases are measured with, ms) and <c>xvideo_boot()</c> (which start of the machine that clock belongs to).
/// </summary>
/// <param name="SequenceKey">Type of a primary key that grows by itself and is never used twice.</param>
/// <param name="Number">Type of a 64-bit integer.</param>
/// <param name="Bytes">Type of a byte string.</param>
/// <param name="TableEnd">Stands after a table's closing parenthesis.</param>
/// <param name="JsonCheck">Condition that a text column, named by {0}, is JSON.</param>
/// <param name="LockRow">Ends a query whose rows are about to be changed.</param>
/// <param name="LockFreeRows">The same, leaving out rows that somebody else is changing.</param>
internal sealed record SqlDialect(string SequenceKey, string Number, string Bytes, string TableEnd, string JsonCheck, string LockRow, string LockFreeRows)
{
    /// <summary>In SQLite a write transaction locks the whole file when it begins.</summary>
    public static readonly SqlDialect Sqlite = new("INTEGER PRIMARY KEY AUTOINCREMENT", "INTEGER", "BLOB", "STRICT", "json_valid({0})", "", "");

    public static readonly SqlDialect Postgres =
        new("bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "bigint", "bytea", "", "({0}::json IS NOT NULL)", "FOR UPDATE", "FOR UPDATE SKIP LOCKED");

    /// <summary>The time now. As a subquery, so that it is read once per statement, not once per row.</summary>
    public const string Now = "(SELECT xvideo_now())";

    /// <summary>The time now on the leases' clock.</summary>
    public const string LeaseNow = "(SELECT xvideo_lease_now())";

    /// <summary>Condition that a running job's lease ran out, or was given before the machine started anew.</summary>
    public const string LeaseIsOver = $"(lease_expires_at < {LeaseNow} OR lease_boot_id <> (SELECT xvideo_boot()))";
}
