using System.IO.Compression;
using System.Text;
using System.Text.Json;
using TorchSharp;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Clip;

/// <summary>CLIP's byte-pair encoding: lower-case text to ids between a start and an end mark.</summary>
/// <remarks>
/// Texts must be in Unicode's normal form C (typed text is); OpenAI's repair of wrongly decoded text is not done.
/// Source: Radford et al. 2021 (arXiv 2103.00020); Sennrich et al. 2016 (arXiv 1508.07909).
/// </remarks>
public sealed class ClipTokenizer
{
    private const string StartMark = "<|startoftext|>";
    private const string EndMark = "<|endoftext|>";
    private const string WordEnd = "</w>";

    // The published merges file goes on after those that the vocabulary has room for.
    private const int PublishedMerges = 49152 - 256 - 2;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _symbols;
    private readonly Dictionary<(string Left, string Right), int> _ranks;
    private readonly Dictionary<string, int[]> _known = new(StringComparer.Ordinal);

    private ClipTokenizer(Dictionary<string, int> ids, IEnumerable<(string, string)> merges)
    {
        _ids = ids;
        _symbols = ids.ToDictionary(entry => entry.Value, entry => entry.Key);
        _ranks = merges.Distinct().Select((pair, rank) => (pair, rank)).ToDictionary(entry => entry.pair, entry => entry.rank);
        (StartId, EndId) = (ids[StartMark], ids[EndMark]);
    }

    /// <summary>The id before every text.</summary>
    public int StartId { get; }

    /// <summary>The id after every text; also stands for symbols that a small vocabulary lacks.</summary>
    public int EndId { get; }

    /// <summary>Number of ids.</summary>
    public int VocabularySize => _ids.Count;

    /// <summary>Loads OpenAI's merges, from which the vocabulary of 49,408 ids follows.</summary>
    /// <param name="path"><c>bpe_simple_vocab_16e6.txt.gz</c>, or the same unpacked.</param>
    /// <exception cref="ModelFileException">The file is missing, not readable, or too short.</exception>
    public static ClipTokenizer LoadMerges(string path)
    {
        var merges = Merges(path).Take(PublishedMerges).ToList();
        if (merges.Count < PublishedMerges)
            throw new ModelFileException(path, $"the file has {merges.Count} merges; CLIP's vocabulary needs {PublishedMerges}. It is published as {PublishedFile.ClipMerges.FileName} (1,356,917 bytes).");
        return FromMerges(merges);
    }

    /// <summary>Loads a tokenizer folder of the transformers library.</summary>
    /// <param name="folder">Holds <c>vocab.json</c> and <c>merges.txt</c>.</param>
    /// <exception cref="ModelFileException">A file is missing, not readable, or lacks the start or end mark.</exception>
    public static ClipTokenizer LoadFolder(string folder)
    {
        var path = Path.Combine(folder, "vocab.json");
        Dictionary<string, int>? ids;
        try
        {
            ids = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"not a usable vocabulary (a JSON object from symbol to id): {error.Message}", error);
        }
        if (ids is null || !ids.ContainsKey(StartMark) || !ids.ContainsKey(EndMark) || ids.Values.Distinct().Count() != ids.Count)
            throw new ModelFileException(path, $"the vocabulary of {ids?.Count ?? 0} symbols must hold {StartMark} and {EndMark} and give each symbol an id of its own.");
        return new ClipTokenizer(ids, Merges(Path.Combine(folder, "merges.txt")));
    }

    /// <summary>The vocabulary's order: bytes, bytes that end a word, merges, start mark, end mark.</summary>
    internal static ClipTokenizer FromMerges(IReadOnlyList<(string Left, string Right)> merges)
    {
        var bytes = ByteSymbols.InOrder.Select(symbol => symbol.ToString()).ToList();
        var symbols = bytes.Concat(bytes.Select(symbol => symbol + WordEnd)).Concat(merges.Select(merge => merge.Left + merge.Right)).Append(StartMark).Append(EndMark);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var next = 0;
        foreach (var symbol in symbols) ids[symbol] = next++;
        return new ClipTokenizer(ids, merges);
    }

    /// <summary>The ids of a text, start and end mark included; as many as it takes.</summary>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int> { StartId };
        AddMarked(ClipWords.Clean(text), ids);
        ids.Add(EndId);
        return [.. ids];
    }

    /// <summary>Texts as the text encoder wants them: filled up with zeros, which have no influence.</summary>
    /// <param name="texts">At least one.</param>
    /// <param name="length">Tokens of each row; 77 in the published models.</param>
    /// <returns>[texts, length] int64 on the CPU.</returns>
    /// <exception cref="ArgumentException">A text has more tokens.</exception>
    public Tensor EncodePadded(IReadOnlyList<string> texts, int length = 77)
    {
        var ids = new long[texts.Count * length];
        for (var row = 0; row < texts.Count; row++)
        {
            var encoded = Encode(texts[row]);
            if (encoded.Length > length)
                throw new ArgumentException($"the text has {encoded.Length} tokens with its start and end mark; CLIP takes at most {length}. Shorten it: {texts[row]}", nameof(texts));
            for (var i = 0; i < encoded.Length; i++) ids[(row * length) + i] = encoded[i];
        }
        using var flat = tensor(ids);
        return flat.reshape(texts.Count, length);
    }

    /// <summary>The text of some ids; marks vanish and every word is followed by a space but the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(IEnumerable<int> ids)
    {
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            if (!_symbols.TryGetValue(id, out var symbol)) throw new ArgumentOutOfRangeException(nameof(ids), id, $"ids must be from the vocabulary of {VocabularySize}.");
            if (id == StartId || id == EndId) continue;
            var ends = symbol.EndsWith(WordEnd, StringComparison.Ordinal);
            bytes.AddRange((ends ? symbol[..^WordEnd.Length] : symbol).Select(c => ByteSymbols.Find(c) ?? (byte)'?'));
            if (ends) bytes.Add((byte)' ');
        }
        return Encoding.UTF8.GetString([.. bytes]).TrimEnd(' ');
    }

    // Marks in the text itself count as marks.
    private void AddMarked(string text, List<int> ids)
    {
        foreach (var (mark, id) in new[] { (StartMark, StartId), (EndMark, EndId) })
        {
            var position = text.IndexOf(mark, StringComparison.Ordinal);
            if (position < 0) continue;
            AddMarked(text[..position], ids);
            ids.Add(id);
            AddMarked(text[(position + mark.Length)..], ids);
            return;
        }
        foreach (var word in ClipWords.Split(text)) ids.AddRange(EncodeWord(word));
    }

    private int[] EncodeWord(string word)
    {
        lock (_known)
        {
            if (_known.TryGetValue(word, out var known)) return known;
            return _known[word] = [.. Merge(word).Select(symbol => _ids.GetValueOrDefault(symbol, EndId))];
        }
    }

    private List<string> Merge(string word)
    {
        var symbols = Encoding.UTF8.GetBytes(word).Select(value => ByteSymbols.Of(value).ToString()).ToList();
        symbols[^1] += WordEnd;
        while (symbols.Count > 1)
        {
            var best = Enumerable.Range(0, symbols.Count - 1).MinBy(i => _ranks.GetValueOrDefault((symbols[i], symbols[i + 1]), int.MaxValue));
            var pair = (symbols[best], symbols[best + 1]);
            if (!_ranks.ContainsKey(pair)) break;
            symbols = MergePair(symbols, pair);
        }
        return symbols;
    }

    private static List<string> MergePair(List<string> symbols, (string Left, string Right) pair)
    {
        var merged = new List<string>(symbols.Count);
        for (var i = 0; i < symbols.Count; i++)
        {
            if (i + 1 < symbols.Count && symbols[i] == pair.Left && symbols[i + 1] == pair.Right) merged.Add(symbols[i] + symbols[++i]);
            else merged.Add(symbols[i]);
        }
        return merged;
    }

    // One merge a line, two symbols with a space between; the first line is a note.
    private static List<(string, string)> Merges(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using var lines = new StreamReader(isGzip ? new GZipStream(file, CompressionMode.Decompress) : file, Encoding.UTF8);
            return [.. lines.ReadToEnd().Split('\n').Skip(1).Select(line => line.TrimEnd('\r').Split(' ')).Where(pair => pair.Length == 2).Select(pair => (pair[0], pair[1]))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ModelFileException(path, $"the merges cannot be read: {error.Message}", error);
        }
    }
}
