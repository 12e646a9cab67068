using System.Diagnostics;
using System.Text.Json;

namespace XVideo.Service.Tests.Conformance;

/// <summary>The vendor's npm package, unmodified but for address and key, in a process of its own that takes a call a line.</summary>
internal sealed class NodeContractClient : IContractClient
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(2);
    private readonly Process _node;
    private readonly SemaphoreSlim _turn = new(1);

    private NodeContractClient(Process node) => _node = node;

    public string Name => "npm";

    /// <summary>Why there is none here; <see langword="null"/> if there is. Installs the package once, beside the tests.</summary>
    public static string? MissingReason { get; } = Install();

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Node");

    public static NodeContractClient Start() => new(Run("node", true, Path.Combine(Folder, "client.mjs"), Directory.CreateTempSubdirectory("xvideo-node-").FullName));

    public async Task<ContractReply?> SendAsync(ContractCall call)
    {
        await _turn.WaitAsync();
        try
        {
            await _node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(call, Json));
            await _node.StandardInput.FlushAsync();
            var line = await _node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"node ended: {await _node.StandardError.ReadToEndAsync()}");
            var answer = JsonElement.Parse(line);
            var headers = answer.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
            return new ContractReply(answer.GetProperty("status").GetInt32(), headers, answer.GetProperty("body").GetBytesFromBase64())
            {
                Shown = (Text("kind"), Text("code"), Text("type"), Text("param")),
            };

            string? Text(string name) => answer.TryGetProperty(name, out var value) ? value.GetString() : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        await _node.WaitForExitAsync();
        _node.Dispose();
    }

    private static string? Install()
    {
        try
        {
            if (File.Exists(Path.Combine(Folder, "node_modules", "openai", "package.json"))) return null;
            using var npm = Run("npm", false, "ci", "--no-audit", "--no-fund", "--loglevel=error");
            var error = npm.StandardError.ReadToEndAsync();
            var isInTime = npm.WaitForExit(InstallLimit);
            if (!isInTime) npm.Kill(entireProcessTree: true);
            return isInTime && npm.ExitCode == 0 ? null : $"the npm package openai could not be installed: {(isInTime ? error.Result.Trim() : $"npm ci took longer than {InstallLimit}")}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no node and npm here: apt-get install -y --no-install-recommends nodejs npm";
        }
    }

    private static Process Run(string program, bool hasInput, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = Folder, RedirectStandardOutput = hasInput, RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // A surrounding address or key must not get into the client.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OPENAI_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        var process = Process.Start(start)!;
        if (!hasInput) process.StandardInput.Close();
        return process;
    }
}
