using System.Text;

namespace XVideo.Tokenizers.Unicode;

/// <summary>
/// The Unicode normal forms NFC and NFKC, from a table of our own: with InvariantGlobalization, string.Normalize returns every text
/// unchanged, and a tokenizer must not depend on the machine's ICU anyway.
/// </summary>
/// <remarks>Source: Unicode Standard Annex 15 (normalisation forms) and section 3.12 of the standard (Hangul syllables).</remarks>
internal static class UnicodeNormalizer
{
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;

    /// <summary>Below it every character is its own normal form, and none combines with one before it.</summary>
    private const char FirstAffected = '\u00A0';

    private static readonly Lazy<NormalizationTable> Table = new(NormalizationTable.Load);

    /// <summary>NFKC with <paramref name="compatibility"/>, else NFC. The text must not contain lone surrogates.</summary>
    public static string Normalize(string text, bool compatibility)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstAffected, char.MaxValue))
        {
            return text;
        }

        var codes = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, compatibility, codes);
        }

        Reorder(codes);
        Compose(codes);
        var output = new StringBuilder(codes.Count);
        foreach (var code in codes)
        {
            output.Append(new Rune(code));
        }

        return output.ToString();
    }

    private static void Decompose(int code, bool compatibility, List<int> codes)
    {
        if (code is >= SyllableBase and < SyllableBase + SyllableCount)
        {
            var index = code - SyllableBase;
            codes.Add(LeadBase + index / (VowelCount * TailCount));
            codes.Add(VowelBase + index / TailCount % VowelCount);
            if (index % TailCount > 0)
            {
                codes.Add(TailBase + index % TailCount);
            }
        }
        else if (Table.Value.Decomposition(code, compatibility) is { } parts)
        {
            foreach (var part in parts)
            {
                Decompose(part, compatibility, codes);
            }
        }
        else
        {
            codes.Add(code);
        }
    }

    /// <summary>Sorts each run of combining marks by class, keeping the order within a class.</summary>
    private static void Reorder(List<int> codes)
    {
        for (var start = 0; start < codes.Count; start++)
        {
            var end = start;
            while (end < codes.Count && Table.Value.CombiningClass(codes[end]) > 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                var sorted = codes.GetRange(start, end - start).OrderBy(Table.Value.CombiningClass).ToArray();
                for (var i = 0; i < sorted.Length; i++)
                {
                    codes[start + i] = sorted[i];
                }
            }

            start = Math.Max(start, end - 1);
        }
    }

    /// <summary>Joins each starter with the later characters that nothing of the same or a higher class separates from it.</summary>
    private static void Compose(List<int> codes)
    {
        var written = 0;
        var starter = -1;
        var lastClass = 0;
        for (var read = 0; read < codes.Count; read++)
        {
            var code = codes[read];
            var combiningClass = Table.Value.CombiningClass(code);
            var isAdjacent = starter >= 0 && written == starter + 1;
            if (starter >= 0 && (isAdjacent || lastClass < combiningClass) && TryJoin(codes[starter], code, out var joined))
            {
                codes[starter] = joined;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = written;
            }

            lastClass = combiningClass;
            codes[written++] = code;
        }

        codes.RemoveRange(written, codes.Count - written);
    }

    private static bool TryJoin(int first, int second, out int joined)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
        {
            joined = SyllableBase + ((first - LeadBase) * VowelCount + (second - VowelBase)) * TailCount;
            return true;
        }

        if (first is >= SyllableBase and < SyllableBase + SyllableCount && (first - SyllableBase) % TailCount == 0
            && second is > TailBase and < TailBase + TailCount)
        {
            joined = first + (second - TailBase);
            return true;
        }

        return Table.Value.TryCompose(first, second, out joined);
    }
}
