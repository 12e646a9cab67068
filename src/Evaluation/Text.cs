using System.Globalization;

namespace XVideo.Evaluation;

/// <summary>Words and numbers for reports.</summary>
internal static class Text
{
    /// <summary>FileName is fileName.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    public static string Number(double value, string format = "0.0000") => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>As many digits as the number has, for files that programs read.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
