using System.Text.Json;

namespace XVideo.Cli.Configuration;

/// <summary>Reads the section "XVideo" of an appsettings.json; other sections belong to other programs and are left alone.</summary>
internal static class ConfigurationFile
{
    private const string Section = "XVideo";

    /// <summary>The values of a file by setting. Whatever cannot be used is added to <paramref name="problems"/>.</summary>
    public static Dictionary<Setting, string> Read(string path, List<string> problems)
    {
        var values = new Dictionary<Setting, string>();
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (FindSection(document.RootElement, path, problems) is { } section)
                foreach (var member in section.EnumerateObject()) Add(member, path, values, problems);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"Configuration file {path} cannot be read: {error.Message} It must be JSON like {{ \"{Section}\": {{ \"Steps\": 20 }} }}.");
        }
        return values;
    }

    private static JsonElement? FindSection(JsonElement root, string path, List<string> problems)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"Configuration file {path} holds {root.ValueKind.ToString().ToLowerInvariant()}; it must hold an object with a section \"{Section}\".");
            return null;
        }
        foreach (var member in root.EnumerateObject())
        {
            if (member.NameEquals(Section) && member.Value.ValueKind == JsonValueKind.Object) return member.Value;
            // A misplaced or misspelt name must not be taken for somebody else's section and silently ignored.
            if (SettingTable.All.Any(setting => setting.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase)))
                problems.Add($"{path}: \"{member.Name}\" stands outside the section \"{Section}\". Write {{ \"{Section}\": {{ \"{member.Name}\": … }} }}.");
            else if (ClosestName.Find(member.Name, [Section]) is not null)
                problems.Add($"{path}: section \"{member.Name}\" is not usable. Did you mean an object named \"{Section}\"?");
        }
        return null;
    }

    private static void Add(JsonProperty member, string path, Dictionary<Setting, string> values, List<string> problems)
    {
        var setting = SettingTable.All.FirstOrDefault(setting => setting.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
        var known = SettingTable.All.Where(setting => !setting.IsPerRun).Select(setting => setting.Name);
        if (setting is null)
            problems.Add($"{path}: \"{member.Name}\" is not a setting.{ClosestName.Hint(member.Name, known)} xvideo config lists all of them.");
        else if (setting.IsPerRun)
            problems.Add($"{path}: \"{member.Name}\" belongs to a single run and cannot be configured. Pass {setting.OptionName} instead.");
        else if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            problems.Add($"{path}: \"{member.Name}\" holds {member.Value.ValueKind.ToString().ToLowerInvariant()}; it must be {setting.Range}.");
        else if (member.Value.ValueKind == JsonValueKind.Null)
            values.Remove(setting);
        else
            values[setting] = member.Value.ToString();
    }
}
