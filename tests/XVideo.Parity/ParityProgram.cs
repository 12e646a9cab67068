using System.Text.Json;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Parity;

/// <summary>The command: checks this build against folders of reference inputs and outputs.</summary>
public static class ParityProgram
{
    /// <summary>Every check ran and passed.</summary>
    public const int AllPassed = 0;

    /// <summary>At least one check failed.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command line, a folder it names or libtorch cannot be used; nothing was checked.</summary>
    public const int BadUsage = 2;

    private static readonly JsonSerializerOptions JsonStyle = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Runs the command.</summary>
    /// <param name="args">See <see cref="ParityOptions.Usage"/>.</param>
    /// <param name="output">Gets the checks and the closing line.</param>
    /// <param name="error">Gets what is wrong with the command line.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        ParityReport report;
        ParityOptions options;
        try
        {
            options = ParityOptions.Parse(args);
            var work = options.Folders.SelectMany(GoldenFinder.Find).ToList();
            report = new ParityReport(options.Json ? TextWriter.Null : output);
            using var _ = no_grad();
            foreach (var found in work) found.Check(options, report);
        }
        catch (Exception e) when (e is ParityUsageException or LibtorchException)
        {
            error.WriteLine(e.Message);
            return BadUsage;
        }

        if (options.Json)
            output.WriteLine(JsonSerializer.Serialize(new { report.Checks, report.NotCovered, report.Passed, report.Failed }, JsonStyle));
        else report.Close();
        return report is { Failed: 0, Passed: > 0 } ? AllPassed : SomeFailed;
    }
}
