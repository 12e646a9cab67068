using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace XVideo.Bench;

/// <summary>Options that check what they are given, and say what is allowed.</summary>
internal static class Options
{
    /// <summary>A whole number from 1.</summary>
    public static Option<int?> Count(string name, string description) => new(name)
    {
        Description = description, HelpName = "number",
        CustomParser = result => Parse(result, name, Whole, value => value >= 1, "a whole number from 1") is [var value, ..] ? value : null,
    };

    /// <summary>One or more shares, more than 0 to 1.</summary>
    public static Option<double[]> Shares(string name, string description, double[] defaults) => Many(
        name, description, defaults, result => Parse(result, name, Real, value => value is > 0 and <= 1, "a number more than 0 and at most 1"));

    /// <summary>One or more of some numbers.</summary>
    public static Option<int[]> AnyOf(string name, string description, IReadOnlyList<int> allowed, int[] defaults) => Many(
        name, description, defaults, result => Parse(result, name, Whole, allowed.Contains, $"one of {string.Join(", ", allowed)}"));

    /// <summary>A file to write, in a folder that exists: found out before hours of measuring.</summary>
    public static Option<string?> File(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "FILE" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [{ Value: var path }]) return;
            if (Directory.Exists(path)) result.AddError($"{name} {path} is a folder; name a file.");
            else if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))) result.AddError($"{name} {path} is in a folder that does not exist; make it first.");
        });
        return option;
    }

    private static Option<T[]> Many<T>(string name, string description, T[] defaults, Func<ArgumentResult, T[]> parse) => new(name)
    {
        Description = description, HelpName = "number", AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore, DefaultValueFactory = _ => defaults, CustomParser = parse,
    };

    private static T[] Parse<T>(ArgumentResult result, string name, Func<string, T?> read, Func<T, bool> isLegal, string allowed)
        where T : struct
    {
        var values = new List<T>();
        foreach (var token in result.Tokens)
        {
            if (read(token.Value) is { } value && isLegal(value)) values.Add(value);
            else result.AddError($"{name} {token.Value} is not usable: it must be {allowed}.");
        }
        return [.. values];
    }

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Real(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
