using System.Globalization;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>How much of a job's history a reader has seen when it has got an event: its id is <c>epoch.number</c>, that of the last one <c>epoch.number.done</c>.</summary>
/// <param name="Epoch">The attempt.</param>
/// <param name="Number">The last status event, see <see cref="JobEvent.Number"/>.</param>
/// <param name="IsDone">There is nothing more to come.</param>
internal readonly record struct EventId(long Epoch, long Number, bool IsDone = false)
{
    private const string Done = "done";

    /// <summary>What is seen when a job has been looked at.</summary>
    public static EventId Of(Job job) => new(job.Epoch, job.LastEvent);

    /// <summary>Reads the header <c>Last-Event-ID</c>; <see langword="null"/> if it is absent or none of ours.</summary>
    public static EventId? Parse(string? text)
    {
        if (text?.Split('.') is not ([_, _] or [_, _, Done]) || text.Split('.') is not [var epoch, var number, ..]) return null;
        return Read(epoch) is { } at && Read(number) is { } last ? new EventId(at, last, text.EndsWith(Done, StringComparison.Ordinal)) : null;

        static long? Read(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>Whether a reader that has seen so much can be told the rest; one of an earlier attempt needs to see everything anew.</summary>
    public bool LeadsTo(Job job) => Epoch == job.Epoch && Number >= 1 && Number <= job.LastEvent;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Number}{(IsDone ? $".{Done}" : "")}");
}
