using System.Text;

namespace XVideo.Cli.Configuration;

/// <summary>One thing that can be set. Its names in configuration files, in the environment and on the command line all follow from one.</summary>
/// <param name="Name">As in a configuration file: PascalCase.</param>
/// <param name="Kind">How a value is read.</param>
/// <param name="Default">What holds when nobody sets it, as shown to users.</param>
/// <param name="Range">What is allowed, as the end of "it must be …".</param>
/// <param name="Description">One sentence without its full stop.</param>
internal sealed record Setting(string Name, SettingKind Kind, string Default, string Range, string Description)
{
    /// <summary>Checks a well-formed value; what depends on the model is left to request validation.</summary>
    public Func<string, bool> IsLegal { get; init; } = static _ => true;

    /// <summary>Whether it belongs to one run, so that only the command line can say it.</summary>
    public bool IsPerRun { get; init; }

    /// <summary>Whether every command takes it, not only <c>generate</c>.</summary>
    public bool IsCommon { get; init; }

    /// <summary>The one command besides <c>config</c> that takes it; <see langword="null"/>: <c>generate</c> and those like it.</summary>
    public string? Command { get; init; }

    /// <summary>For example <c>--flow-shift</c>.</summary>
    public string OptionName { get; } = "--" + Join(Name, '-').ToLowerInvariant();

    /// <summary>For example <c>XVIDEO_FLOW_SHIFT</c>.</summary>
    public string EnvironmentName { get; } = "XVIDEO_" + Join(Name, '_').ToUpperInvariant();

    private static string Join(string name, char separator)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0) words.Append(separator);
            words.Append(letter);
        }
        return words.ToString();
    }
}
