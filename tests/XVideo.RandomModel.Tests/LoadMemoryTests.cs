using System.Diagnostics;
using System.Text.Json;

namespace XVideo.RandomModel.Tests;

public sealed class LoadMemoryTests : IDisposable
{
    private readonly RandomModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bf16", 1.1)]
    [InlineData("f32", 2.1)]
    public void Transformer_LoadedAndUsed_StaysNearItsSizeInMemory(string dtype, double mostTimesTheFiles)
    {
        // 100 million parameters in 5 shards: the blocks of the 1.3B model, and few of them.
        var model = _folder.Write("model", "wan-1.3b", "--layers", "2", "--text-width", "512", "--parts", "transformer", "--shard-size", "50MB");

        using var report = Measure(Path.Combine(model, "transformer"), dtype);
        long Value(string name) => report.RootElement.GetProperty(name).GetInt64();

        Assert.InRange(Value("fileBytes"), 150_000_000, 300_000_000);
        // What the process holds before any weight, and a little for the pass itself, do not count.
        const long passBytes = 48 << 20;
        var grown = Value("residentPeak") - Value("residentBefore");
        Assert.InRange(grown, Value("weightBytes") * 0.9, (Value("fileBytes") * mostTimesTheFiles) + passBytes);
    }

    // Its own process: the peak of this one belongs to all tests.
    private static JsonDocument Measure(string transformer, string dtype)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(ChildProcess).Assembly.Location, "load", transformer, "--dtype", dtype, "--json"]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return JsonDocument.Parse(output);
    }
}
