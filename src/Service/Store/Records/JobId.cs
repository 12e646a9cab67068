using System.Security.Cryptography;

namespace XVideo.Service.Store;

/// <summary>The public name of a job: <c>video_</c> and 32 hexadecimal digits in lower case.</summary>
public static class JobId
{
    /// <summary>What every id begins with.</summary>
    public const string Prefix = "video_";

    private const int Bytes = 16;

    /// <summary>A new id of 128 random bits.</summary>
    public static string New() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a text has the form of an id. Anything else names no job, and need not be looked up.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Prefix.Length + 2 * Bytes && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;
}
