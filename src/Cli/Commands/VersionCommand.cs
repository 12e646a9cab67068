using System.Reflection;
using System.Runtime.InteropServices;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo version</c>.</summary>
internal static class VersionCommand
{
    public static string Version { get; } = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static int Run(Settings settings)
    {
        if (settings.IsOn(SettingTable.Json)) JsonOutput.Print(json => { json.WriteString("version", Version); json.WriteString("runtime", RuntimeInformation.FrameworkDescription); });
        else Console.Out.WriteLine($"xvideo {Version} ({RuntimeInformation.FrameworkDescription})");
        return 0;
    }
}
