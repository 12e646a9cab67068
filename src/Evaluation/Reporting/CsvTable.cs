using System.Text;

namespace XVideo.Evaluation.Reporting;

/// <summary>A table as RFC 4180 has it.</summary>
internal sealed class CsvTable
{
    private readonly StringBuilder _text = new();

    public CsvTable(params string[] header) => Add(header);

    public void Add(params string?[] cells) => _text.Append(string.Join(',', cells.Select(Cell))).Append("\r\n");

    public override string ToString() => _text.ToString();

    private static string Cell(string? text) => text is null ? "" : text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
