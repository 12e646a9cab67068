using System.Globalization;
using System.Text;

namespace XVideo.Torch.Safetensors;

/// <summary>Collects what is wrong with one file, bounded so that a hostile file cannot make the report itself huge.</summary>
internal sealed class ProblemList
{
    private const int Limit = 100;
    private const int QuotedLength = 120;

    private readonly List<string> _problems = [];
    private long _omitted;

    public bool IsEmpty => _problems.Count == 0;

    public void Add(string problem)
    {
        if (_problems.Count < Limit)
        {
            _problems.Add(problem);
        }
        else
        {
            _omitted++;
        }
    }

    public void ThrowIfAny(string path, Exception? innerException = null)
    {
        if (IsEmpty)
        {
            return;
        }

        List<string> all = [.. _problems];
        if (_omitted > 0)
        {
            all.Add(string.Create(CultureInfo.InvariantCulture, $"... and {_omitted} more."));
        }

        throw new ModelFileException(path, all, innerException);
    }

    /// <summary>Text from a file made safe to print: control characters and lone surrogates escaped, long text cut.</summary>
    public static string Quote(string text)
    {
        StringBuilder quoted = new("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, QuotedLength)))
        {
            if (char.IsControl(c) || char.IsSurrogate(c))
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                quoted.Append(c);
            }
        }

        return quoted.Append(text.Length > QuotedLength ? "...'" : "'").ToString();
    }

    /// <summary>A shape as it is printed everywhere: [2, 3].</summary>
    public static string Show(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";
}
