using XVideo.Cli.Configuration;

namespace XVideo.Cli.Commands;

/// <summary>Hands settings on to the layers that read them from the environment: the search for libtorch, and the GPU kernels with their cache.</summary>
internal static class ProcessSettings
{
    /// <summary>Must run before libtorch is touched.</summary>
    public static void Apply(Settings settings)
    {
        foreach (var setting in (Setting[])[SettingTable.Libtorch, SettingTable.Cache, SettingTable.AssertNoCompile, SettingTable.ValidateBlocks])
            if (settings.Text(setting) is { } value) Environment.SetEnvironmentVariable(setting.EnvironmentName, value);
    }
}
