using System.Data.Common;

namespace XVideo.Service.Store.Sql;

/// <summary>Columns as the records want them.</summary>
internal static class RowReading
{
    public static string? Text(this DbDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    public static long? Number(this DbDataReader row, int at) => row.IsDBNull(at) ? null : row.GetInt64(at);

    public static int Int(this DbDataReader row, int at) => checked((int)row.GetInt64(at));

    public static byte[] Bytes(this DbDataReader row, int at) => row.GetFieldValue<byte[]>(at);

    public static DateTimeOffset Time(this DbDataReader row, int at) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(at));

    public static DateTimeOffset? TimeOrNull(this DbDataReader row, int at) => row.IsDBNull(at) ? null : row.Time(at);

    public static TimeSpan? SpanOrNull(this DbDataReader row, int at) => row.IsDBNull(at) ? null : TimeSpan.FromMilliseconds(row.GetInt64(at));

    /// <summary>Whole milliseconds, as times stand in the tables.</summary>
    public static long Milliseconds(this TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;
}
