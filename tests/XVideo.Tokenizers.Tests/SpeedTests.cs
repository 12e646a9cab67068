using XVideo.Tokenizers.Unicode;

namespace XVideo.Tokenizers.Tests;

/// <summary>Limits on processor time, which other programs on the machine do not use up; no other test runs beside these.</summary>
[Collection(nameof(SpeedTests))]
[CollectionDefinition(nameof(SpeedTests), DisableParallelization = true)]
public class SpeedTests
{
    /// <summary>A file of the size of the published UMT5 vocabulary; half a second is meant, and an unoptimised build gets twice that.</summary>
    [Fact]
    public void Load_QuarterMillionPieces_TakesUnderASecond()
    {
        string[] syllables = ["ba", "de", "fi", "go", "lu", "man", "ner", "pol", "ras", "ti", "vo", "wen", "ing", "s", "ä", "ка"];
        var file = new SpieceBuilder().Special();
        for (var i = 0; i < 256_000; i++)
        {
            var digits = $"{i * 40_503L % (1 << 20):x5}".Select(digit => syllables[Convert.ToInt32($"{digit}", 16)]);
            file.Piece((i % 2 == 0 ? "\u2581" : "x") + string.Concat(digits), -5 - i / 100_000f);
        }

        using var folder = new TemporaryFolder();
        var path = folder.Write(Tokenizer.SentencePieceFileName, file.ToArray());
        Assert.InRange(new FileInfo(path).Length, 4_500_000, 7_000_000);
        AssertUnderASecond("Loading 256,003 pieces", () => Assert.Equal(256_003, Tokenizer.Load(folder.Path).VocabularySize));
    }

    [Fact]
    public void Encode_HundredThousandCharacters_TakesUnderASecond()
    {
        string[] units = ["a", "a red circle moves ", "日本語ﬁ\u0301", "\u0301", "<", "\u2581", "\uD800", "word,"];
        var others = new[] { Golden.PathOf("umt5", "hf"), Golden.PathOf("user_defined") }.Select(Tokenizer.Load);
        foreach (var tokenizer in others.Append(Golden.Umt5).Append(Golden.OwnVocabulary))
        {
            foreach (var unit in units)
            {
                var text = string.Concat(Enumerable.Repeat(unit, 100_000 / unit.Length));
                AssertUnderASecond($"Encoding 100,000 characters of \"{unit}\"", () => tokenizer.Encode(text));
            }
        }
    }

    [Fact]
    public void Normalize_HundredThousandMarks_TakesUnderASecond()
    {
        var text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0327", 50_000));
        AssertUnderASecond("Normalising 100,000 marks", () => Assert.Equal('\u00E1', UnicodeNormalizer.Normalize(text, compatibility: true)[0]));
    }

    private static void AssertUnderASecond(string what, Action action)
    {
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 3 && best >= TimeSpan.FromSeconds(1); attempt++)
        {
            var before = Environment.CpuUsage.TotalTime;
            action();
            var used = Environment.CpuUsage.TotalTime - before;
            best = used < best ? used : best;
        }

        Assert.True(best < TimeSpan.FromSeconds(1), $"{what} took {best.TotalMilliseconds:F0} ms of processor time; under 1,000 are allowed.");
    }
}
