using System.Globalization;
using XVideo.Cli.Configuration;

namespace XVideo.Cli.Serve;

/// <summary>What only <c>xvideo serve</c> and <c>xvideo keys</c> take.</summary>
internal static class ServeSettings
{
    private const string Command = "serve";

    public static readonly Setting Host = new("Host", SettingKind.Text, "127.0.0.1: this machine only", "localhost, or an IP address of this machine such as 0.0.0.0 for all", "Address to listen on (serve)") { Command = Command };

    public static readonly Setting Port = new("Port", SettingKind.Integer, "8000", "a whole number from 0 to 65535; 0 takes a free one", "Port to listen on (serve)")
    {
        Command = Command,
        IsLegal = static value => Whole(value) is >= 0 and <= 65535,
    };

    public static readonly Setting RequireKeys = new("RequireKeys", SettingKind.Switch, "false on this machine only, else true", "true or false",
        "Ask every call for an API key that xvideo keys create made; only without can the port be this machine's alone (serve)") { Command = Command };

    public static readonly Setting Data = new("Data", SettingKind.Text, "$XDG_DATA_HOME/xvideo or ~/.local/share/xvideo", "a writable folder on a local disk; several machines need a shared one, and Queue",
        "Where videos are kept, and the queue unless Queue says otherwise (serve, keys)") { Command = Command };

    public static readonly Setting Queue = new("Queue", SettingKind.Text, "a SQLite file in the data folder", "a PostgreSQL connection string, for example Host=db;Database=xvideo;Username=xvideo",
        "Keep the queue in PostgreSQL, so that several machines can share it; its password belongs in PGPASSWORD or ~/.pgpass (serve, keys)") { Command = Command };

    public static readonly Setting PepperFile = new("PepperFile", SettingKind.Text, "key-pepper in the data folder, made when needed", "a file of at least 16 bytes, the same for all processes on one queue",
        "Secret that API keys are hashed with: without it the queue's hashes are of no use to anybody (serve, keys)") { Command = Command };

    public static readonly Setting NoWorker = new("NoWorker", SettingKind.Switch, "false", "true or false", "Only accept and show videos; others that share the queue make them (serve)") { Command = Command };

    public static readonly Setting MaxQueued = new("MaxQueued", SettingKind.Integer, "200", "a whole number from 1", "Videos that may wait; more are refused for the time being (serve)")
    {
        Command = Command,
        IsLegal = static value => Whole(value) is >= 1,
    };

    public static readonly Setting KeepHours = new("KeepHours", SettingKind.Number, "24", "a number of hours from 0; 0 keeps them for ever", "How long finished videos are kept (serve)")
    {
        Command = Command,
        IsLegal = static value => double.Parse(value, CultureInfo.InvariantCulture) is >= 0 and <= 1e6,
    };

    /// <summary>What a place of keys and videos is said with.</summary>
    public static IReadOnlyList<Setting> Places { get; } = [Data, Queue, PepperFile];

    /// <summary>All of them, in the order of the help text.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Host, Port, RequireKeys, .. Places, NoWorker, MaxQueued, KeepHours];

    private static int? Whole(string value) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
