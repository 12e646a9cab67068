using System.CommandLine;
using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Service.Api.Security;
using XVideo.Service.Store;

namespace XVideo.Cli.Serve;

/// <summary><c>xvideo keys</c>: makes, lists, renews and revokes the API keys of a server's queue. The server need not run, and need not be restarted.</summary>
internal static class KeysCommand
{
    private const double UsualOverlapHours = 7 * 24;
    private const double LongestOverlapHours = 365 * 24;

    /// <summary>Makes a key and prints it: the only time that it can be seen.</summary>
    /// <param name="settings">Where keys are kept.</param>
    /// <param name="key">What it may do; id and secret are drawn.</param>
    public static int Create(Settings settings, ApiKey key)
    {
        settings.ThrowIfUnusable();
        var places = new DataPlaces(settings);
        var (text, id, hash) = ApiKeySecret.Create(places.ReadPepper());
        With(places, store => store.AddKeyAsync(key with { KeyId = id, SecretHash = hash }));
        PrintSecret(settings, text, id, $"Keep it: it cannot be shown again. Revoke it with: xvideo keys revoke {id}");
        return 0;
    }

    /// <summary>Gives a key another secret and prints it; the one before is good for a while.</summary>
    public static int Rotate(Settings settings, string id, string? overlapHours)
    {
        settings.ThrowIfUnusable();
        var hours = ReadOverlap(overlapHours);
        var places = new DataPlaces(settings);
        var (text, hash) = ApiKeySecret.Renew(places.ReadPepper(), id);
        var isRenewed = false;
        With(places, async store => isRenewed = await store.ReplaceSecretAsync(id, hash, TimeSpan.FromHours(hours)));
        if (!isRenewed) throw NoGoodKey(id);
        var end = hours == 0 ? "The one before is refused within 30 s." : FormattableString.Invariant($"The one before works until {Show(DateTimeOffset.UtcNow.AddHours(hours))} UTC.");
        PrintSecret(settings, text, id, $"Keep it: it cannot be shown again. {end}");
        return 0;
    }

    /// <summary>Prints every key without its secret.</summary>
    public static int List(Settings settings)
    {
        settings.ThrowIfUnusable();
        IReadOnlyList<ApiKey> keys = [];
        With(new DataPlaces(settings), async store => keys = await store.ListKeysAsync());
        if (settings.IsOn(SettingTable.Json)) PrintJson(keys);
        else if (keys.Count == 0) Console.Out.WriteLine("There are no keys. Make one with: xvideo keys create");
        else Columns.Print(["id", "label", "scopes", "create/min", "read/min", "queued", "running", "GPU s/day", "created", "last used", "state"], keys.Select(Row));
        return 0;
    }

    /// <summary>Refuses a key from now on; a running server notices within 30 s.</summary>
    public static int Revoke(Settings settings, string id)
    {
        settings.ThrowIfUnusable();
        var isRevoked = false;
        With(new DataPlaces(settings), async store => isRevoked = await store.RevokeKeyAsync(id));
        if (!isRevoked) throw NoGoodKey(id);
        if (!settings.IsOn(SettingTable.Quiet)) Console.Error.WriteLine("Revoked; a running server refuses it within 30 s.");
        return 0;
    }

    /// <summary>The four as one command.</summary>
    /// <param name="create">Makes a subcommand that takes <see cref="ServeSettings.Places"/>.</param>
    public static Command Tree(Func<string, string, Func<ParseResult, Settings, int>, Command> create)
    {
        var options = new KeyOptions();
        var make = create("create", "Make a key and print it.", (parsed, settings) => Create(settings, options.Read(parsed)));
        foreach (var option in options.Options) make.Options.Add(option);
        var id = new Argument<string>("ID") { Description = "Id of the key, as list shows it" };
        var overlap = new Option<string>("--overlap-hours")
        {
            Description = $"How long the secret of before works too: a number of hours from 0 to {LongestOverlapHours:0}. Default: {UsualOverlapHours:0}, a week",
            HelpName = "number",
        };
        var rotate = create("rotate", "Give a key another secret and print it; id, limits and videos stay.", (parsed, settings) => Rotate(settings, parsed.GetRequiredValue(id), parsed.GetValue(overlap)));
        rotate.Arguments.Add(id);
        rotate.Options.Add(overlap);
        var revoke = create("revoke", "Refuse a key from now on.", (parsed, settings) => Revoke(settings, parsed.GetRequiredValue(id)));
        revoke.Arguments.Add(id);
        return new Command("keys", "Make, list, renew or revoke the API keys of a server.") { make, create("list", "List all keys.", (_, settings) => List(settings)), rotate, revoke };
    }

    private static void With(DataPlaces places, Func<IJobStore, Task> work)
    {
        async Task RunAsync()
        {
            await using var store = await places.OpenStoreAsync();
            await work(store);
        }
        RunAsync().GetAwaiter().GetResult();
    }

    private static double ReadOverlap(string? text) => text is null ? UsualOverlapHours
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) && hours <= LongestOverlapHours ? hours
        : throw new ConfigurationException([$"--overlap-hours \"{text}\" is not usable: it must be a number of hours from 0 to {LongestOverlapHours:0}. Leave it out for a week."]);

    private static ConfigurationException NoGoodKey(string id) => new([$"There is no good key of id \"{id}\". xvideo keys list shows all of them."]);

    private static void PrintSecret(Settings settings, string text, string id, string advice)
    {
        if (settings.IsOn(SettingTable.Json))
        {
            JsonOutput.Print(json =>
            {
                json.WriteString("key", text);
                json.WriteString("id", id);
            });
            return;
        }
        Console.Out.WriteLine(text);
        if (!settings.IsOn(SettingTable.Quiet)) Console.Error.WriteLine(advice);
    }

    private static IReadOnlyList<string> Row(ApiKey key) =>
    [
        key.KeyId, key.Label, string.Join(',', ShortScopes(key)), Show(key.CreatesPerMinute), Show(key.ReadsPerMinute), Show(key.MaxQueued), Show(key.MaxRunning),
        key.GpuSecondsPerDay is { } seconds ? Show(seconds) : "any", Show(key.CreatedAt), Show(key.LastUsedAt),
        key.RevokedAt is not null ? $"revoked {Show(key.RevokedAt)}" : HasPrevious(key) ? $"renewed, old secret until {Show(key.PreviousUntil)}" : "good",
    ];

    private static void PrintJson(IReadOnlyList<ApiKey> keys) => JsonOutput.Print(json =>
    {
        json.WriteStartArray("keys");
        foreach (var key in keys)
        {
            json.WriteStartObject();
            json.WriteString("id", key.KeyId);
            json.WriteString("label", key.Label);
            json.WriteStartArray("scopes");
            foreach (var scope in ShortScopes(key)) json.WriteStringValue(scope);
            json.WriteEndArray();
            json.WriteNumber("createPerMinute", key.CreatesPerMinute);
            json.WriteNumber("readPerMinute", key.ReadsPerMinute);
            json.WriteNumber("maxQueued", key.MaxQueued);
            json.WriteNumber("maxRunning", key.MaxRunning);
            if (key.GpuSecondsPerDay is { } seconds) json.WriteNumber("gpuSecondsPerDay", seconds);
            else json.WriteNull("gpuSecondsPerDay");
            json.WriteString("createdAt", key.CreatedAt);
            WriteTime(json, "lastUsedAt", key.LastUsedAt);
            WriteTime(json, "previousSecretUntil", HasPrevious(key) ? key.PreviousUntil : null);
            json.WriteBoolean("isRevoked", key.RevokedAt is not null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void WriteTime(System.Text.Json.Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value) json.WriteString(name, value);
        else json.WriteNull(name);
    }

    private static bool HasPrevious(ApiKey key) => key.PreviousUntil > DateTimeOffset.UtcNow;

    // As create takes them.
    private static IEnumerable<string> ShortScopes(ApiKey key) => key.Scopes.Select(scope => scope[(scope.IndexOf(':') + 1)..]);

    private static string Show(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "never";

    private static string Show(long number) => number.ToString(CultureInfo.InvariantCulture);
}
