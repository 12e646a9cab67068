using Microsoft.Data.Sqlite;

namespace XVideo.Service.Store.Sqlite;

/// <summary>SQLite's errors in the store's terms.</summary>
internal static class SqliteProblems
{
    // Primary result codes of SQLite.
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Io = 10, Full = 13, CannotOpen = 14;

    public static JobStoreException Explain(SqliteException error, string path)
    {
        var (problem, advice) = error.SqliteErrorCode switch
        {
            Busy or Locked => (JobStoreProblem.Unavailable, "Another process writes to it for longer than the busy timeout. Try again; if it stays so, look for a process that hangs."),
            Io => (JobStoreProblem.Unavailable, "The disk does not read or write. Look at the system's log."),
            Full => (JobStoreProblem.DiskFull, "Make space on its disk."),
            CannotOpen => (JobStoreProblem.Unavailable, "Is it a file on a local disk that this user may read and write, in a folder likewise?"),
            ReadOnly => (JobStoreProblem.Refused, "This user must be allowed to write it and its folder."),
            _ => (JobStoreProblem.Refused, "If the file is damaged, restore a backup."),
        };
        return new(problem, $"SQLite, for \"{path}\": {error.Message} (code {error.SqliteErrorCode}, extended {error.SqliteExtendedErrorCode}). {advice}", error);
    }
}
