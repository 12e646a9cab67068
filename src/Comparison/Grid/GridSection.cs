namespace XVideo.Comparison.Grid;

/// <summary>One section of a grid: a method and the values that its settings take in turn.</summary>
/// <param name="Method">As it was written; it may be unknown.</param>
/// <param name="Axes">Settings with their values, in order; the first one changes slowest.</param>
internal sealed record GridSection(string Method, IReadOnlyList<(string Setting, IReadOnlyList<string> Values)> Axes)
{
    private const string Form = "It is written like xattention threshold=0.8,0.9 stride=8,16; window window=2x4x4.";

    /// <summary>Reads a grid: sections separated by ';', each a method (xattention if there is none) and <c>setting=value,value</c>.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="problems">Gets everything that is not of this form.</param>
    public static IReadOnlyList<GridSection> Parse(string text, List<string> problems)
    {
        var sections = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (sections.Length == 0) problems.Add($"grid \"{text}\" is not usable: it names no method and no setting. {Form}");
        return [.. sections.Select(section => ParseSection(section, problems))];
    }

    /// <summary>Every combination of values.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> Combinations()
    {
        IEnumerable<Dictionary<string, string>> combinations = [[]];
        foreach (var (setting, values) in Axes)
            combinations = combinations.SelectMany(known => values.Select(value => new Dictionary<string, string>(known) { [setting] = value }));
        return combinations;
    }

    private static GridSection ParseSection(string section, List<string> problems)
    {
        var words = section.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var hasMethod = !words[0].Contains('=');
        var axes = new List<(string, IReadOnlyList<string>)>();
        foreach (var word in words.Skip(hasMethod ? 1 : 0))
        {
            var (setting, values) = word.Split('=', 2) is [var name, var list] ? (name.TrimStart('-'), list.Split(',')) : (word, []);
            if (setting.Length == 0 || values.Length == 0 || values.Any(value => value.Length == 0))
                problems.Add($"grid \"{section}\" is not usable: \"{word}\" is not setting=value,value. {Form}");
            else if (axes.Any(axis => axis.Item1 == setting))
                problems.Add($"grid \"{section}\" is not usable: {setting} is there twice. Write all its values in one place, separated by commas.");
            else
                axes.Add((setting, values));
        }
        return new GridSection(hasMethod ? words[0] : "xattention", axes);
    }
}
