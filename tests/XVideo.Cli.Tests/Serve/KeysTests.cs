using System.Text.Json;

namespace XVideo.Cli.Tests.Serve;

public sealed class KeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_FromCreationToTheEnd_AreListedAsTheyAre()
    {
        var key = Run("create", "--label", "web shop", "--scopes", "read,admin", "--create-per-minute", "7", "--read-per-minute", "70", "--max-queued", "3", "--max-running", "1", "--gpu-seconds-per-day", "3600");
        Assert.Equal(0, key.ExitCode);
        Assert.Matches("^vg_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$", key.Output.Trim());
        var id = key.Output[3..15];
        var usual = Run("create", "--json").Json;
        Assert.StartsWith($"vg_{usual.GetProperty("id").GetString()}_", usual.GetProperty("key").GetString());

        var renewed = Run("rotate", id);
        Assert.StartsWith($"vg_{id}_", renewed.Output);
        Assert.NotEqual(key.Output, renewed.Output);
        Assert.Contains("until", renewed.Error);
        Assert.Equal(0, Run("revoke", usual.GetProperty("id").GetString()!).ExitCode);

        var keys = Run("list", "--json").Json.GetProperty("keys").EnumerateArray().ToArray();
        Assert.Equal(["""["read","admin"]""", "7", "70", "3", "1", "3600", "false"], Fields(keys[0]));
        Assert.Equal(("web shop", id), (keys[0].GetProperty("label").GetString(), keys[0].GetProperty("id").GetString()));
        Assert.InRange(keys[0].GetProperty("previousSecretUntil").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromDays(6.9), TimeSpan.FromDays(7));
        Assert.Equal(["""["read","write"]""", "10", "600", "20", "2", "null", "true"], Fields(keys[1]));
        var table = Run("list").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, table.Length);
        foreach (var cell in (string[])[id, "web shop", "read,admin", "3600", "renewed"]) Assert.Contains(cell, table[1]);
        Assert.DoesNotContain(table, line => line.Contains(key.Output.Trim()[16..], StringComparison.Ordinal));

        static string[] Fields(JsonElement key) => [.. ((string[])["scopes", "createPerMinute", "readPerMinute", "maxQueued", "maxRunning", "gpuSecondsPerDay", "isRevoked"]).Select(name => JsonSerializer.Serialize(key.GetProperty(name)))];
    }

    [Fact]
    public void Keys_BadValues_AreAllToldAtOnce()
    {
        var run = Run("create", "--scopes", "read,all", "--create-per-minute", "0", "--read-per-minute", "x", "--max-queued", "-1", "--max-running", "1.5", "--gpu-seconds-per-day", "9999999");

        Assert.Equal(2, run.ExitCode);
        foreach (var text in (string[])["--scopes \"read,all\"", "read, write, admin", "--create-per-minute \"0\"", "--read-per-minute \"x\"", "--max-queued \"-1\"", "--max-running \"1.5\"", "--gpu-seconds-per-day \"9999999\"", "from 1 to 1000000"])
            Assert.Contains(text, run.Error);
        Assert.Empty(Run("list", "--json").Json.GetProperty("keys").EnumerateArray());
    }

    [Theory]
    [InlineData("rotate", "nobody", "--overlap-hours", "1")]
    [InlineData("revoke", "nobody")]
    [InlineData("rotate", "local")]
    public void Keys_UnknownId_SaysSo(params string[] arguments)
    {
        var run = Run(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"\"{arguments[1]}\"", run.Error);
        Assert.Contains("xvideo keys list", run.Error);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("9000")]
    public void Rotate_BadOverlap_SaysWhatIsAllowed(string hours)
    {
        var run = Run("rotate", "nobody", "--overlap-hours", hours);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"\"{hours}\"", run.Error);
        Assert.Contains("from 0 to 8760", run.Error);
    }

    private CliRun Run(params string[] arguments) => CliRun.Start(_folder.Path, ["keys", arguments[0], "--data", "data", .. arguments[1..]]);
}
