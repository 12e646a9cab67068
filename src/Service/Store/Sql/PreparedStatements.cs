using System.Data.Common;

namespace XVideo.Service.Store.Sql;

/// <summary>The statements that a connection has compiled: for most of them that costs more than to run them. Like the connection, for one user at a time.</summary>
/// <param name="connection">Open.</param>
/// <param name="most">So many are kept: some texts have a length of their own, and must not fill the memory. 0 for a database whose package keeps them by itself.</param>
internal sealed class PreparedStatements(DbConnection connection, int most = 200)
{
    private readonly Dictionary<string, DbCommand> idle = [];

    /// <summary>A command without values, compiled if it was used before. It belongs to the caller.</summary>
    public DbCommand Take(string text)
    {
        if (idle.Remove(text, out var known)) return known;
        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    /// <summary>Keeps a command that has done its work; one that failed is to be disposed of instead.</summary>
    public async ValueTask GiveBackAsync(DbCommand command)
    {
        command.Parameters.Clear();
        if (idle.Count >= most || !idle.TryAdd(command.CommandText, command)) await command.DisposeAsync().ConfigureAwait(false);
    }
}
