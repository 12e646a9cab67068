using System.Collections;
using System.Globalization;

namespace XVideo.Service.Observe;

/// <summary>What the log lines of one piece of work have in common: fields for machines, <c>name=value</c> for people.</summary>
internal sealed class LogScope(params IReadOnlyList<KeyValuePair<string, object?>> fields) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => fields.Count;

    public KeyValuePair<string, object?> this[int index] => fields[index];

    /// <summary>Of an attempt at a job.</summary>
    public static LogScope Attempt(string jobId, long epoch, string workerId, string keyId) =>
        new([new("job_id", jobId), new("epoch", epoch), new("worker_id", workerId), new("key_id", keyId)]);

    /// <summary>Of a request over HTTP.</summary>
    public static LogScope Request(string id) => new([new("request_id", id)]);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Key}={field.Value}")));
}
