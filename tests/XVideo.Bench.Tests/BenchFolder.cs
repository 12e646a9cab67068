using System.CommandLine;

namespace XVideo.Bench.Tests;

/// <summary>A folder for what one test writes, and the command.</summary>
public sealed class BenchFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-bench-test-").FullName;

    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>What it printed.</summary>
    public static string Run(params string[] arguments)
    {
        var parsed = BenchCommand.Create().Parse(arguments);
        Assert.Empty(parsed.Errors);
        using var output = new StringWriter();
        Assert.Equal(0, parsed.Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }));
        return output.ToString();
    }

    /// <summary>The one thing that is wrong with a command line.</summary>
    public static string Error(params string[] arguments) => Assert.Single(BenchCommand.Create().Parse(arguments).Errors).Message;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
