using System.Diagnostics;
using System.Text.Json;

namespace XVideo.Cli.Tests;

/// <summary>One run of the real program in its own process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Standard output as JSON; fails the test when there is anything else in it.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Runs <c>xvideo</c> without any XVIDEO_ variable of the surroundings.</summary>
    /// <param name="folder">The current folder of the run.</param>
    /// <param name="arguments">As a shell would hand them over.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    public static CliRun Start(string folder, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(DotnetHost()) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "xvideo.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("XVIDEO_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"xvideo {string.Join(' ', arguments)} did not end within {Limit}.");
        }
        return new CliRun(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    // The host that runs the tests: absolute, so that tests may empty PATH.
    private static string DotnetHost() => Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet";
}
