using System.Collections;
using System.Globalization;

namespace XVideo.Cli.Configuration;

/// <summary>The settings in force: appsettings.json beside the program &lt; the one here or --config &lt; environment &lt; command line.</summary>
internal sealed class Settings
{
    private const string FileName = "appsettings.json";
    private readonly Dictionary<Setting, (string Value, string Source)> _values = [];
    private readonly List<string> _problems = [];

    private Settings() { }

    /// <summary>Everything that could not be used, from all sources.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Reads all sources.</summary>
    /// <param name="commandLine">The value an option was given, or <see langword="null"/>.</param>
    /// <param name="environment">All environment variables.</param>
    /// <param name="programFolder">Where the program is.</param>
    /// <param name="currentFolder">Where the user is.</param>
    public static Settings Load(Func<Setting, string?> commandLine, IDictionary environment, string programFolder, string currentFolder)
    {
        var settings = new Settings();
        settings.AddFile(Path.Combine(programFolder, FileName), mustExist: false);
        if (commandLine(SettingTable.Config) is { } named) settings.AddFile(Path.GetFullPath(named, currentFolder), mustExist: true);
        else if (!SameFolder(programFolder, currentFolder)) settings.AddFile(Path.Combine(currentFolder, FileName), mustExist: false);
        settings.AddEnvironment(environment);
        foreach (var setting in SettingTable.All)
            if (commandLine(setting) is { } value) settings.Set(setting, value, setting.OptionName);
        settings.Check();
        return settings;
    }

    /// <exception cref="ConfigurationException">Something could not be used.</exception>
    public void ThrowIfUnusable()
    {
        if (_problems.Count > 0) throw new ConfigurationException(_problems);
    }

    public string? Text(Setting setting) => _values.TryGetValue(setting, out var entry) ? entry.Value : null;

    public int? Integer(Setting setting) => Text(setting) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public long? Long(Setting setting) => Text(setting) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    public double? Number(Setting setting) => Text(setting) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    public bool IsOn(Setting setting) => Text(setting) is { } text && ParseSwitch(text) == true;

    /// <summary>Where the value comes from: a file, a variable, an option, or <c>default</c>.</summary>
    public string Source(Setting setting) => _values.TryGetValue(setting, out var entry) ? entry.Source : "default";

    /// <summary>How late the source comes: −1 not set, 0 a file, 1 the environment, 2 the command line.</summary>
    public int Rank(Setting setting) => Source(setting) == setting.OptionName ? 2 : Source(setting) == setting.EnvironmentName ? 1 : Text(setting) is null ? -1 : 0;

    /// <summary>The value as text, or the description of the default.</summary>
    public string Show(Setting setting) => Text(setting) ?? setting.Default;

    private void AddFile(string path, bool mustExist)
    {
        if (!mustExist && !File.Exists(path)) return;
        foreach (var (setting, value) in ConfigurationFile.Read(path, _problems)) Set(setting, value, path);
    }

    private void AddEnvironment(IDictionary environment)
    {
        const string prefix = "XVIDEO_";
        var known = SettingTable.All.Where(setting => !setting.IsPerRun).ToDictionary(setting => setting.EnvironmentName);
        foreach (var (name, value) in environment.Cast<DictionaryEntry>().Select(entry => ((string)entry.Key, (string?)entry.Value ?? "")).OrderBy(entry => entry.Item1, StringComparer.Ordinal))
        {
            if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) continue;
            if (!known.TryGetValue(name, out var setting))
                _problems.Add($"Environment variable {name} is not a setting.{ClosestName.Hint(name, known.Keys)} xvideo config lists all of them; unset it with: unset {name}");
            else if (value.Length > 0)
                Set(setting, value, name);
        }
    }

    private void Set(Setting setting, string value, string source) => _values[setting] = (value, source);

    // An unusable value counts as not given, so that the rest of the request can still be checked and reported with it.
    private void Check()
    {
        foreach (var setting in SettingTable.All)
        {
            if (!_values.TryGetValue(setting, out var entry) || (IsWellFormed(setting.Kind, entry.Value) && setting.IsLegal(entry.Value))) continue;
            var origin = entry.Source.StartsWith("--", StringComparison.Ordinal) ? "" : $" (from {entry.Source})";
            var shown = entry.Value.Length <= 40 ? entry.Value : entry.Value[..40] + "…";
            _problems.Add($"{setting.OptionName[2..]} \"{shown}\"{origin} is not usable: it must be {setting.Range}.");
            _values.Remove(setting);
        }
    }

    private static bool IsWellFormed(SettingKind kind, string value) => kind switch
    {
        SettingKind.Integer => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        SettingKind.Long => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        // "NaN" and "Infinity" are numbers here: request validation says what is wrong with them.
        SettingKind.Number => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        SettingKind.Switch => ParseSwitch(value) is not null,
        _ => true,
    };

    private static bool? ParseSwitch(string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    private static bool SameFolder(string a, string b) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(a)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(b));
}
