using System.Globalization;

namespace XVideo.Tokenizers.Unicode;

/// <summary>Combining classes, decompositions and compositions, read once from the embedded nfkc.txt (how it is made: make_nfkc_table.py).</summary>
internal sealed class NormalizationTable
{
    private readonly Dictionary<int, int> _classes = [];
    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];

    private NormalizationTable()
    {
    }

    public static NormalizationTable Load()
    {
        var table = new NormalizationTable();
        using var reader = new StreamReader(typeof(NormalizationTable).Assembly.GetManifestResourceStream("nfkc.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                table.Read(line.Split(' '));
            }
        }

        return table;
    }

    public int CombiningClass(int code) => _classes.GetValueOrDefault(code);

    /// <summary>One step of decomposition, or null when the character has none of that sort.</summary>
    public int[]? Decomposition(int code, bool compatibility)
    {
        return _canonical.GetValueOrDefault(code) ?? (compatibility ? _compatible.GetValueOrDefault(code) : null);
    }

    public bool TryCompose(int first, int second, out int composed) => _compositions.TryGetValue((first, second), out composed);

    private void Read(string[] fields)
    {
        var code = Hex(fields[0]);
        if (fields.Length == 2)
        {
            _classes.Add(code, int.Parse(fields[1], CultureInfo.InvariantCulture));
            return;
        }

        var parts = fields[2..].Select(Hex).ToArray();
        (fields[1] == "~" ? _compatible : _canonical).Add(code, parts);
        if (fields[1] == "=")
        {
            _compositions.Add((parts[0], parts[1]), code);
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
