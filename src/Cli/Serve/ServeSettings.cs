using System.Globalization;
using System.Net;
using XVideo.Cli.Configuration;

namespace XVideo.Cli.Serve;

/// <summary>What only <c>xvideo serve</c>, <c>xvideo worker</c> and <c>xvideo keys</c> take.</summary>
internal static class ServeSettings
{
    private const string Command = "serve";

    public static readonly Setting Host = new("Host", SettingKind.Text, "127.0.0.1: this machine only", "localhost, or an IP address of this machine such as 0.0.0.0 for all", "Address to listen on (serve)") { Command = Command };

    public static readonly Setting Port = new("Port", SettingKind.Integer, "8000", "a whole number from 0 to 65535; 0 takes a free one", "Port to listen on (serve)")
    {
        Command = Command,
        IsLegal = static value => Whole(value) is >= 0 and <= 65535,
    };

    public static readonly Setting Proxies = new("Proxies", SettingKind.Text, "none", "IP addresses separated by commas, for example 127.0.0.1",
        "Reverse proxies whose X-Forwarded-For is believed, so that each sender is limited for itself (serve)")
    {
        Command = Command,
        IsLegal = static value => Addresses(value) is not null,
    };

    public static readonly Setting RequireKeys = new("RequireKeys", SettingKind.Switch, "false on this machine only, else true", "true or false",
        "Ask every call for an API key that xvideo keys create made; only without can the port be this machine's alone (serve)") { Command = Command };

    public static readonly Setting Data = new("Data", SettingKind.Text, "$XDG_DATA_HOME/xvideo or ~/.local/share/xvideo", "a writable folder on a local disk; several machines need a shared one, and Queue",
        "Where videos are kept, and the queue unless Queue says otherwise (serve, worker, keys)") { Command = Command };

    public static readonly Setting Queue = new("Queue", SettingKind.Text, "a SQLite file in the data folder", "a PostgreSQL connection string, for example Host=db;Database=xvideo;Username=xvideo",
        "Keep the queue in PostgreSQL, so that several machines can share it; its password belongs in PGPASSWORD or ~/.pgpass (serve, worker, keys)") { Command = Command };

    public static readonly Setting PepperFile = new("PepperFile", SettingKind.Text, "key-pepper in the data folder, made when needed", "a file of at least 16 bytes, the same for all processes on one queue",
        "Secret that API keys are hashed with: without it the queue's hashes are of no use to anybody (serve, worker, keys)") { Command = Command };

    public static readonly Setting NoWorker = new("NoWorker", SettingKind.Switch, "false", "true or false", "Only accept and show videos; others that share the queue make them (serve)") { Command = Command };

    public static readonly Setting MaxQueued = new("MaxQueued", SettingKind.Integer, "200", "a whole number from 1", "Videos that may wait; more are refused for the time being (serve)")
    {
        Command = Command,
        IsLegal = static value => Whole(value) is >= 1,
    };

    public static readonly Setting MaxAttempts = new("MaxAttempts", SettingKind.Integer, "3", "a whole number from 1", "Attempts at a video whose worker is lost or fails for what may pass; after them it is given up (serve)")
    {
        Command = Command,
        IsLegal = static value => Whole(value) is >= 1,
    };

    public static readonly Setting CheckpointSeconds = new("CheckpointSeconds", SettingKind.Number, "20", "a number of seconds from 0 to 3600",
        "How often the worker writes down how far a video is: at most so much work is done again after a crash (serve)")
    {
        Command = Command,
        IsLegal = static value => double.Parse(value, CultureInfo.InvariantCulture) is >= 0 and <= 3600,
    };

    public static readonly Setting KeepHours = new("KeepHours", SettingKind.Number, "24", "a number of hours from 0; 0 keeps them for ever", "How long finished videos are kept (serve)")
    {
        Command = Command,
        IsLegal = static value => double.Parse(value, CultureInfo.InvariantCulture) is >= 0 and <= 1e6,
    };

    public static readonly Setting KeepRowsDays = new("KeepRowsDays", SettingKind.Number, "30", "a number of days from 1, or 0 to keep them for ever",
        "How long prompt, settings and outcome of a video are kept once its files are gone or it failed (serve)")
    {
        Command = Command,
        IsLegal = static value => double.Parse(value, CultureInfo.InvariantCulture) is 0 or (>= 1 and <= 1e5),
    };

    public static readonly Setting StallSeconds = new("StallSeconds", SettingKind.Number, "120", "a number of seconds from 10 to 86400",
        "A video that gets no further for so long, and for ten of its steps, is tried again; the first step of a stage may take five times as long (serve)")
    {
        Command = Command,
        IsLegal = static value => double.Parse(value, CultureInfo.InvariantCulture) is >= 10 and <= 86_400,
    };

    public static readonly Setting AttemptMinutes = new("AttemptMinutes", SettingKind.Number, "120", "a number of minutes from 1 to 100000", "A video that takes longer fails (serve)")
    {
        Command = Command,
        IsLegal = static value => double.Parse(value, CultureInfo.InvariantCulture) is >= 1 and <= 1e5,
    };

    public static readonly Setting MetricsPublic = new("MetricsPublic", SettingKind.Switch, "false", "true or false", "Show /metrics to everybody who can connect, not only to this machine (serve)") { Command = Command };

    public static readonly Setting LogFormat = new("LogFormat", SettingKind.Text, "auto: systemd under systemd, else text", "one of auto, text, json, systemd", "How the log is written, on standard error (serve)")
    {
        Command = Command,
        IsLegal = static value => value is "auto" or "text" or "json" or "systemd",
    };

    public static readonly Setting HealthPort = new("HealthPort", SettingKind.Integer, "none", "a whole number from 0 to 65535; 0 takes a free one",
        "Answer /healthz, /readyz and /metrics on this port, to this machine alone (worker)")
    {
        Command = Command,
        IsLegal = static value => Whole(value) is >= 0 and <= 65535,
    };

    /// <summary>What a place of keys and videos is said with.</summary>
    public static IReadOnlyList<Setting> Places { get; } = [Data, Queue, PepperFile];

    /// <summary>What <c>serve</c> takes of them, in the order of the help text.</summary>
    public static IReadOnlyList<Setting> OfServe { get; } = [Host, Port, Proxies, RequireKeys, .. Places, NoWorker, MaxQueued, MaxAttempts, CheckpointSeconds, KeepHours, KeepRowsDays, StallSeconds, AttemptMinutes, MetricsPublic, LogFormat];

    /// <summary>What <c>worker</c> takes of them.</summary>
    public static IReadOnlyList<Setting> OfWorker { get; } = [Data, Queue, HealthPort, CheckpointSeconds, KeepHours, KeepRowsDays, StallSeconds, AttemptMinutes, LogFormat];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. OfServe, HealthPort];

    /// <summary>Reads a list of addresses; <see langword="null"/> if one is none.</summary>
    public static IReadOnlyList<IPAddress>? Addresses(string text)
    {
        var addresses = text.Split(',', StringSplitOptions.TrimEntries).Select(part => IPAddress.TryParse(part, out var address) ? address : null).ToArray();
        return addresses.Contains(null) ? null : [.. addresses.OfType<IPAddress>()];
    }

    private static int? Whole(string value) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
