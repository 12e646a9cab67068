using System.Text.Json;

namespace XVideo.Service.Store.Sql;

/// <summary>The names under which an enumeration's values stand in the tables: <c>TextEncode</c> is <c>text_encode</c>.</summary>
internal static class EnumText<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Texts = Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly Dictionary<string, T> Values = Texts.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static string Of(T value) => Texts[value];

    /// <exception cref="JobStoreException">A newer program wrote a value that this one does not know.</exception>
    public static T Parse(string text) => Values.TryGetValue(text, out var value) ? value
        : throw new JobStoreException(JobStoreProblem.TooNew, $"The store holds \"{text}\" where one of {string.Join(", ", Values.Keys)} is expected: a newer version of this program wrote it. Update this one.");

    /// <summary>All names as a list of SQL literals.</summary>
    public static string SqlList => string.Join(", ", Texts.Values.Select(text => $"'{text}'"));
}
