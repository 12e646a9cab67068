using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using XVideo.Cli.Configuration;

namespace XVideo.Cli.Serve;

/// <summary>How a server writes its log, on standard error.</summary>
internal static class LogFormat
{
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Whether programs read it, so that nothing else belongs there.</summary>
    public static bool IsForMachines(Settings settings) => settings.Text(ServeSettings.LogFormat) == "json";

    /// <summary>Sets it up as the settings say.</summary>
    public static void Configure(ILoggingBuilder logging, Settings settings)
    {
        logging.SetMinimumLevel(settings.IsOn(SettingTable.Quiet) ? LogLevel.Warning : LogLevel.Information);
        // Its line for every start and end of a request would drown ours.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A taken port: FailureReport says it in a line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        switch (settings.Text(ServeSettings.LogFormat) ?? "auto")
        {
            case "json":
                logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat, console.IncludeScopes) = (true, Time, true));
                break;
            case "systemd":
                AddSystemd(logging);
                break;
            case "auto" when Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 }:
                AddSystemd(logging);
                break;
            default:
                // Its messages name the job themselves.
                logging.AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, $"{Time} "));
                break;
        }
        // Standard output is for the address.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    // The journal has the time.
    private static void AddSystemd(ILoggingBuilder logging) => logging.AddSystemdConsole(console => (console.UseUtcTimestamp, console.IncludeScopes) = (true, true));
}
