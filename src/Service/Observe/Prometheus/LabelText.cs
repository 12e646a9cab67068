using System.Buffers;
using System.Globalization;

namespace XVideo.Service.Observe.Prometheus;

/// <summary>Attributes as Prometheus writes them: <c>outcome="completed",model="wan"</c>, by name.</summary>
internal static class LabelText
{
    [ThreadStatic] private static ArrayBufferWriter<char>? _buffer;

    /// <summary>Writes them into memory of this thread, valid until the next call: most sets were there before, and need no text of their own.</summary>
    public static ReadOnlySpan<char> Write(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return [];
        var sorted = ArrayPool<KeyValuePair<string, object?>>.Shared.Rent(tags.Length);
        tags.CopyTo(sorted);
        // One set in two orders is one set.
        sorted.AsSpan(0, tags.Length).Sort(static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        var buffer = _buffer ??= new ArrayBufferWriter<char>(256);
        buffer.ResetWrittenCount();
        foreach (var (name, value) in sorted.AsSpan(0, tags.Length))
        {
            if (buffer.WrittenCount > 0) buffer.Write(",");
            AppendName(buffer, name);
            buffer.Write("=\"");
            AppendEscaped(buffer, Text(value));
            buffer.Write("\"");
        }
        ArrayPool<KeyValuePair<string, object?>>.Shared.Return(sorted, clearArray: true);
        return buffer.WrittenSpan;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static void AppendName(ArrayBufferWriter<char> buffer, string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) buffer.Write("_");
        var space = buffer.GetSpan(name.Length);
        for (var at = 0; at < name.Length; at++) space[at] = char.IsAsciiLetterOrDigit(name[at]) ? name[at] : '_';
        buffer.Advance(name.Length);
    }

    private static void AppendEscaped(ArrayBufferWriter<char> buffer, string text)
    {
        foreach (var letter in text)
        {
            if (letter == '\n') buffer.Write("\\n");
            else if (letter == '\\') buffer.Write("\\\\");
            else if (letter == '"') buffer.Write("\\\"");
            else buffer.Write([letter]);
        }
    }
}
