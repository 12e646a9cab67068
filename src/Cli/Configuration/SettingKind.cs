namespace XVideo.Cli.Configuration;

/// <summary>What the value of a setting is written as.</summary>
internal enum SettingKind
{
    Text,
    Integer,
    Long,
    Number,
    Switch,
}
