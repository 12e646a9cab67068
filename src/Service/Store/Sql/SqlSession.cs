using System.Data.Common;

namespace XVideo.Service.Store.Sql;

/// <summary>The statements of one connection, with or without a transaction, for one unit of work. Values are always parameters, <c>@name</c> in the text.</summary>
internal sealed class SqlSession(PreparedStatements statements, DbTransaction? transaction, SqlDialect dialect, CancellationToken cancellationToken)
{
    private readonly List<string> canceled = [];

    public SqlDialect Dialect => dialect;

    /// <summary>Whether waiting workers should look for work once this is committed.</summary>
    public bool HasWork { get; private set; }

    /// <summary>Jobs whose workers should stop once this is committed.</summary>
    public IReadOnlyList<string> Canceled => canceled;

    public void HintWork() => HasWork = true;

    public void HintCancel(string id) => canceled.Add(id);

    /// <returns>How many rows were changed.</returns>
    public Task<int> ExecuteAsync(string text, params (string Name, object? Value)[] values) =>
        UseAsync(text, values, command => command.ExecuteNonQueryAsync(cancellationToken));

    /// <summary>The first row, or <see langword="null"/>. The statement always runs to its end: one that was left in the middle would keep its lock.</summary>
    public async Task<T?> FirstAsync<T>(string text, Func<DbDataReader, T> read, params (string Name, object? Value)[] values)
        where T : class => (await ListAsync(text, read, values).ConfigureAwait(false)) is [var first, ..] ? first : null;

    /// <summary>The number in the first column of the first row; <see langword="null"/> if there is no row or no value.</summary>
    public async Task<long?> NumberAsync(string text, params (string Name, object? Value)[] values) =>
        await ListAsync(text, row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), values).ConfigureAwait(false) is [var first, ..] ? first : null;

    public Task<List<T>> ListAsync<T>(string text, Func<DbDataReader, T> read, params (string Name, object? Value)[] values) => UseAsync(text, values, async command =>
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) rows.Add(read(reader));
        return rows;
    });

    private async Task<T> UseAsync<T>(string text, (string Name, object? Value)[] values, Func<DbCommand, Task<T>> use)
    {
        var command = statements.Take(text);
        try
        {
            command.Transaction = transaction;
            foreach (var (name, value) in values)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
                command.Parameters.Add(parameter);
            }
            var result = await use(command).ConfigureAwait(false);
            await statements.GiveBackAsync(command).ConfigureAwait(false);
            return result;
        }
        catch
        {
            await command.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
