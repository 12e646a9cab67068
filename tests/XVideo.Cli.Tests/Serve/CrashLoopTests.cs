using System.Runtime.CompilerServices;
using XVideo.ServiceBench.Crash;

namespace XVideo.Cli.Tests.Serve;

/// <summary>The real program, killed again and again. A longer run: dotnet run -c Release --project bench/XVideo.ServiceBench -- crash --kills 60</summary>
public sealed class CrashLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_KilledSixTimes_LosesAndDoublesNothing()
    {
        var report = await CrashLoop.RunAsync(new CrashOptions { Program = Program, Model = Model(), Folder = _folder.Path, Kills = 6 });

        Assert.True(report.Problems.Count == 0, report.ToString());
        Assert.Equal(6, report.Kills.Values.Sum());
        Assert.Equal(report.Asked, report.Jobs);
        Assert.Equal(report.Jobs, report.Attempts["completed"]);
        // The kills have hit something.
        Assert.True(report.Attempts["lost"] > 0, report.ToString());
    }

    internal static IReadOnlyList<string> Program { get; } = ["dotnet", Path.Combine(AppContext.BaseDirectory, "xvideo.dll")];

    /// <summary>The tiny random model of the goldens.</summary>
    internal static string Model([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "Goldens", "wan"));
}
