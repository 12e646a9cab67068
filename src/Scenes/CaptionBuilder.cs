namespace XVideo.Scenes;

/// <summary>
/// Turns a pattern into one caption. <c>(a|b|)</c> picks one, <c>[x]</c> is left out sometimes, <c>{name}</c> inserts the pattern of
/// a slot; "a" becomes "an" where needed. The slots that were used are reported.
/// </summary>
internal sealed class CaptionBuilder(Dice dice, IReadOnlyDictionary<string, string> slots, bool complete)
{
    private const double KeepOptional = 0.55;
    private readonly HashSet<string> _used = [];
    private string _pattern = "";
    private int _at;

    public IReadOnlySet<string> Used => _used;

    /// <param name="complete">Keep every optional part that states an attribute: held-out captions must name their combination.</param>
    public static (string Caption, IReadOnlySet<string> Used) Build(Dice dice, string pattern, IReadOnlyDictionary<string, string> slots, bool complete)
    {
        var builder = new CaptionBuilder(dice, slots, complete);
        var words = builder.Expand(pattern).Replace(" ,", ",").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < words.Length; i++)
        {
            if (words[i] == "a" && "aeiou".Contains(words[i + 1][0]))
            {
                words[i] = "an";
            }
        }

        return (string.Join(' ', words), builder.Used);
    }

    private string Expand(string pattern)
    {
        var (outer, outerAt) = (_pattern, _at);
        (_pattern, _at) = (pattern, 0);
        var text = Choice(speak: true);
        if (_at != _pattern.Length)
        {
            throw new FormatException($"Caption pattern '{_pattern}' has an unexpected '{_pattern[_at]}' at {_at}; close every ( [ {{ that was opened.");
        }

        (_pattern, _at) = (outer, outerAt);
        return text;
    }

    /// <summary>Alternatives up to the closing bracket. Silent parts are parsed but not drawn, so they use no slot.</summary>
    private string Choice(bool speak)
    {
        var count = CountAlternatives();
        var chosen = speak ? dice.Integer(0, count - 1) : -1;
        var text = "";
        for (var i = 0; i < count; i++)
        {
            var part = Sequence(speak && i == chosen);
            text = i == chosen ? part : text;
            _at += i + 1 < count ? 1 : 0;
        }

        return text;
    }

    private string Sequence(bool speak)
    {
        var text = new System.Text.StringBuilder();
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')' or ']'))
        {
            var letter = _pattern[_at++];
            if (letter is '(' or '[')
            {
                var states = letter == '[' && complete && _pattern[_at..Closing(_at)].Contains('{');
                var keep = speak && (letter == '(' || states || dice.Chance(KeepOptional));
                text.Append(Choice(keep));
                _at++;
            }
            else if (letter == '{')
            {
                var end = _pattern.IndexOf('}', _at);
                var name = _pattern[_at..end];
                _at = end + 1;
                if (speak)
                {
                    _used.Add(name);
                    text.Append(Expand(slots.TryGetValue(name, out var slot) ? slot : throw new FormatException(
                        $"Caption pattern '{_pattern}' uses the slot '{name}'; known here are {string.Join(", ", slots.Keys)}.")));
                }
            }
            else
            {
                text.Append(letter);
            }
        }

        return text.ToString();
    }

    private int CountAlternatives()
    {
        var (depth, count) = (0, 1);
        for (var i = _at; i < _pattern.Length && depth >= 0; i++)
        {
            depth += _pattern[i] is '(' or '[' ? 1 : _pattern[i] is ')' or ']' ? -1 : 0;
            count += depth == 0 && _pattern[i] == '|' ? 1 : 0;
        }

        return count;
    }

    private int Closing(int from)
    {
        var depth = 1;
        for (var i = from; i < _pattern.Length; i++)
        {
            depth += _pattern[i] is '(' or '[' ? 1 : _pattern[i] is ')' or ']' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw new FormatException($"Caption pattern '{_pattern}' opens a bracket at {from - 1} that is never closed.");
    }
}
