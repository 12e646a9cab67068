using System.Security.Cryptography;
using System.Text;
using XVideo.Tokenizers.Unicode;

namespace XVideo.Tokenizers.Tests;

public class UnicodeNormalizerTests
{
    /// <summary>SHA-256 of every code point between "a" and two combining marks, normalised by Python 3.11 (Unicode 14), one a line.</summary>
    [Theory]
    [InlineData(false, "7a683613321708d08508ad83a7c61448750e62c25fbe913665971e1266a2125c")]
    [InlineData(true, "5a570d916a2f1a00ee28a33047b41731b407dbb5afb8cd7698fedd4b19a37b86")]
    public void Normalize_EveryCodePoint_MatchesUnicode14(bool compatibility, string expected)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var code = 0; code <= 0x10FFFF; code++)
        {
            if (code is < 0xD800 or > 0xDFFF)
            {
                var text = UnicodeNormalizer.Normalize($"a{char.ConvertFromUtf32(code)}\u0301\u0327", compatibility);
                hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
            }
        }

        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\uD558\u11AB", "\uD55C")]
    [InlineData("ﬁ①㎏½Ａ\u00A0x", "fi1kg1\u20442A x")]
    [InlineData("\uFDFA", "صلى الله عليه وسلم")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u0958", "\u0915\u093C")]
    public void Normalize_Nfkc_KnownExamples(string text, string expected)
    {
        Assert.Equal(expected, UnicodeNormalizer.Normalize(text, compatibility: true));
    }

    [Fact]
    public void Normalize_Nfc_KeepsCompatibilityCharacters()
    {
        Assert.Equal("ﬁ①\u00E9", UnicodeNormalizer.Normalize("ﬁ①e\u0301", compatibility: false));
    }
}
