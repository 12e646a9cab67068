using System.CommandLine;
using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Service.Api.Security;
using XVideo.Service.Store;

namespace XVideo.Cli.Serve;

/// <summary><c>xvideo keys</c>: makes, lists and revokes the API keys of a server's queue. The server need not run, and need not be restarted.</summary>
internal static class KeysCommand
{
    /// <summary>Makes a key and prints it: the only time that it can be seen.</summary>
    public static int Create(Settings settings, string? label)
    {
        settings.ThrowIfUnusable();
        var places = new DataPlaces(settings);
        var (text, id, hash) = ApiKeySecret.Create(places.ReadPepper());
        With(places, store => store.AddKeyAsync(new ApiKey { KeyId = id, SecretHash = hash, Label = label ?? "", Scopes = Scopes.All }));
        if (settings.IsOn(SettingTable.Json))
        {
            JsonOutput.Print(json =>
            {
                json.WriteString("key", text);
                json.WriteString("id", id);
            });
            return 0;
        }
        Console.Out.WriteLine(text);
        if (!settings.IsOn(SettingTable.Quiet)) Console.Error.WriteLine($"Keep it: it cannot be shown again. Revoke it with: xvideo keys revoke {id}");
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
        else Columns.Print(["id", "label", "created", "last used", "state"], keys.Select(key => (IReadOnlyList<string>)
            [key.KeyId, key.Label, Show(key.CreatedAt), Show(key.LastUsedAt), key.RevokedAt is null ? "good" : $"revoked {Show(key.RevokedAt)}"]));
        return 0;
    }

    /// <summary>Refuses a key from now on; a running server notices within 30 s.</summary>
    public static int Revoke(Settings settings, string id)
    {
        settings.ThrowIfUnusable();
        var isRevoked = false;
        With(new DataPlaces(settings), async store => isRevoked = await store.RevokeKeyAsync(id));
        if (!isRevoked) throw new ConfigurationException([$"There is no good key of id \"{id}\". xvideo keys list shows all of them."]);
        if (!settings.IsOn(SettingTable.Quiet)) Console.Error.WriteLine("Revoked; a running server refuses it within 30 s.");
        return 0;
    }

    /// <summary>The three as one command.</summary>
    /// <param name="create">Makes a subcommand that takes <see cref="ServeSettings.Places"/>.</param>
    public static Command Tree(Func<string, string, Func<ParseResult, Settings, int>, Command> create)
    {
        var label = new Option<string>("--label") { Description = "What the key is for, for people", HelpName = "text" };
        var make = create("create", "Make a key and print it.", (parsed, settings) => Create(settings, parsed.GetValue(label)));
        make.Options.Add(label);
        var id = new Argument<string>("ID") { Description = "Id of the key, as list shows it" };
        var revoke = create("revoke", "Refuse a key from now on.", (parsed, settings) => Revoke(settings, parsed.GetRequiredValue(id)));
        revoke.Arguments.Add(id);
        return new Command("keys", "Make, list or revoke the API keys of a server.") { make, create("list", "List all keys.", (_, settings) => List(settings)), revoke };
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

    private static void PrintJson(IReadOnlyList<ApiKey> keys) => JsonOutput.Print(json =>
    {
        json.WriteStartArray("keys");
        foreach (var key in keys)
        {
            json.WriteStartObject();
            json.WriteString("id", key.KeyId);
            json.WriteString("label", key.Label);
            json.WriteString("createdAt", key.CreatedAt);
            json.WriteBoolean("isRevoked", key.RevokedAt is not null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static string Show(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "never";
}
