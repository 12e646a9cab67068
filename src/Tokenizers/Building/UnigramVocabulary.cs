using System.Text;
using System.Text.Json;
using XVideo.Tokenizers.HuggingFace;
using XVideo.Tokenizers.Unicode;
using XVideo.Tokenizers.Unigram;

namespace XVideo.Tokenizers;

/// <summary>
/// A unigram vocabulary made for a set of captions: each of their words is one piece, any other text falls back to characters and bytes.
/// The same captions in any order give the same vocabulary.
/// </summary>
/// <remarks>
/// Ids: padding 0, end mark 1, unknown 2, then words (most frequent first), shared word parts, characters, and the 256 bytes.
/// Punctuation marks are words of their own and every word is the piece "▁word", so it is the same in "red ball", "red, ball" and "red-ball".
/// </remarks>
public sealed class UnigramVocabulary
{
    internal const string PadToken = "<pad>", EosToken = "</s>", UnkToken = "<unk>";

    private const char SpaceMark = '\u2581';
    private const int LongestWord = 64, ShortestPart = 2, LongestPart = 8;

    private UnigramVocabulary(IReadOnlyList<UnigramPiece> pieces)
    {
        Pieces = pieces;
    }

    /// <summary>The pieces by id.</summary>
    public IReadOnlyList<UnigramPiece> Pieces { get; }

    /// <summary>Counts the words of the captions, after NFKC and lower-casing, and chooses the pieces.</summary>
    /// <exception cref="ArgumentException">The captions hold no word, or an option is out of range.</exception>
    public static UnigramVocabulary Build(IEnumerable<string> captions, UnigramVocabularyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(captions);
        options ??= new UnigramVocabularyOptions();
        CheckOptions(options);

        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var printable = Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Where(character => !char.IsAsciiLetterUpper(character));
        var characters = new SortedSet<string>(printable.Select(character => $"{character}"), StringComparer.Ordinal);
        using var rules = JsonDocument.Parse(TokenizerJsonWriter.WordRules().ToJsonString());
        var split = WordSplitter.Read(new JsonPart(rules.RootElement, "pre_tokenizer", "the built-in word rules"));
        foreach (var caption in captions)
        {
            var normalized = NormalizeCaption(caption);
            AddCharacters(normalized, characters);
            if (normalized.Length > 0)
            {
                CountWords(split([new TextPart(normalized, -1, true)]), counts);
            }
        }

        var words = counts
            .Where(entry => entry.Value >= options.MinimumCount)
            .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(options.MaximumWords).ToArray();
        if (words.Length == 0)
        {
            throw new ArgumentException(
                $"None of the {counts.Count} words in the captions occurs {options.MinimumCount} times; at least one must.", nameof(captions));
        }

        return new UnigramVocabulary(Score(words, ChooseParts(words, options.SubwordCount), characters));
    }

    /// <summary>Writes tokenizer.json and tokenizer_config.json, in the Hugging Face layout, replacing what is there.</summary>
    /// <param name="tokenizerFolder">Folder to write to; made if missing.</param>
    /// <param name="modelMaxLength">The encoder's sequence length in tokens, at least 1.</param>
    public void Write(string tokenizerFolder, int modelMaxLength)
    {
        ArgumentException.ThrowIfNullOrEmpty(tokenizerFolder);
        ArgumentOutOfRangeException.ThrowIfLessThan(modelMaxLength, 1);
        TokenizerJsonWriter.Write(this, tokenizerFolder, modelMaxLength);
    }

    private static string NormalizeCaption(string caption)
    {
        return TextNormalizer.Lowercase(UnicodeNormalizer.Normalize(Utf8Text.WithoutLoneSurrogates(caption), compatibility: true));
    }

    private static void AddCharacters(string caption, SortedSet<string> characters)
    {
        foreach (var rune in caption.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))
            {
                characters.Add(rune.ToString());
            }
        }
    }

    private static void CountWords(List<TextPart> words, Dictionary<string, long> counts)
    {
        foreach (var word in words)
        {
            if (word.Text.Length is > 1 and <= LongestWord)
            {
                counts[word.Text] = counts.GetValueOrDefault(word.Text) + 1;
            }
        }
    }

    /// <summary>The parts that save most pieces: how often they occur, in at least two words, times the characters they join.</summary>
    private static KeyValuePair<string, long>[] ChooseParts(KeyValuePair<string, long>[] words, int count)
    {
        if (count == 0)
        {
            return [];
        }

        var whole = words.Select(word => word.Key).ToHashSet(StringComparer.Ordinal);
        var parts = new Dictionary<string, (long Count, int Words)>(StringComparer.Ordinal);
        foreach (var (word, occurrences) in words)
        {
            foreach (var part in PartsOf(word).Distinct(StringComparer.Ordinal))
            {
                var (soFar, wordCount) = parts.GetValueOrDefault(part);
                parts[part] = (soFar + occurrences, wordCount + 1);
            }
        }

        return parts
            .Where(part => part.Value.Words > 1 && !whole.Contains(part.Key))
            .OrderByDescending(part => part.Value.Count * (part.Key.Length - 1)).ThenBy(part => part.Key, StringComparer.Ordinal)
            .Take(count)
            .Select(part => KeyValuePair.Create(part.Key, part.Value.Count)).ToArray();
    }

    private static IEnumerable<string> PartsOf(string word)
    {
        for (var start = 0; start < word.Length; start++)
        {
            for (var length = ShortestPart; length <= LongestPart && start + length <= word.Length; length++)
            {
                if (!char.IsLowSurrogate(word[start]) && !char.IsHighSurrogate(word[start + length - 1]))
                {
                    yield return word.Substring(start, length);
                }
            }
        }
    }

    private static List<UnigramPiece> Score(
        KeyValuePair<string, long>[] words, KeyValuePair<string, long>[] parts, IEnumerable<string> characters)
    {
        double total = words.Sum(word => word.Value) + 1;
        var (best, worst) = (Math.Log(words[0].Value / total), Math.Log(words[^1].Value / total));

        // Each piece pays this much extra, so that two pieces, even the best, never beat one word.
        var price = Math.Max(0, 2 * best - worst) + 1;
        var pieces = new List<UnigramPiece> { new(PadToken, 0), new(EosToken, 0), new(UnkToken, 0) };
        pieces.AddRange(words.Select(word => Piece(word.Key, Math.Log(word.Value / total) - price)));

        var lowest = worst - price;
        if (parts.Length > 0)
        {
            var mostFrequent = (double)parts.Max(part => part.Value);
            var ceiling = lowest - 1;
            pieces.AddRange(parts.Select(part => Piece(part.Key, ceiling + Math.Log(part.Value / mostFrequent))));
            lowest = pieces.Min(piece => piece.Score);
        }

        var characterScore = lowest - 1;
        pieces.Add(Piece($"{SpaceMark}", characterScore));
        pieces.AddRange(characters.Where(character => character != $"{SpaceMark}").Select(character => Piece(character, characterScore)));

        // Far below six characters, so that a typed "<0x41>" stays six characters.
        var byteScore = 8 * characterScore;
        pieces.AddRange(Enumerable.Range(0, 256).Select(value => Piece($"<0x{value:X2}>", byteScore)));
        return pieces;
    }

    /// <summary>Rounded, because logarithms differ in the last bit between platforms and the file must not.</summary>
    private static UnigramPiece Piece(string text, double score) => new(text, Math.Round(score, 6));

    private static void CheckOptions(UnigramVocabularyOptions options)
    {
        if (options.MinimumCount < 1 || options.MaximumWords < 1 || options.SubwordCount < 0)
        {
            throw new ArgumentException(
                $"MinimumCount is {options.MinimumCount}, MaximumWords {options.MaximumWords}, SubwordCount {options.SubwordCount}; "
                + "they must be at least 1, 1 and 0.",
                nameof(options));
        }
    }
}
