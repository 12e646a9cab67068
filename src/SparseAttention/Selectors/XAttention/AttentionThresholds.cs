using System.Text.Json;
using System.Text.Json.Nodes;

namespace XVideo.SparseAttention.Selectors.XAttention;

/// <summary>Thresholds for every layer and head of one model, as a file keeps them.</summary>
/// <param name="Model">The model they were found for.</param>
/// <param name="BlockSize">Tokens of a block, 64 or 128.</param>
/// <param name="Stride">S, one of <see cref="XAttentionSettings.Strides"/>.</param>
/// <param name="Layers">For each layer, one threshold a head, each more than 0 and at most 1. All layers have the same number of heads.</param>
/// <remarks>
/// The file is JSON: <c>{"format": "xvideo-attention-thresholds", "version": 1, "model": "…", "blockSize": 128, "stride": 8, "layers": [[0.9, …], …]}</c>.
/// Other properties are errors.
/// </remarks>
public sealed record AttentionThresholds(string Model, int BlockSize, int Stride, IReadOnlyList<IReadOnlyList<double>> Layers)
{
    private const string FormatName = "xvideo-attention-thresholds";
    private const int FormatVersion = 1;
    private static readonly string[] Properties = ["format", "version", "model", "blockSize", "stride", "layers"];

    /// <summary>The thresholds of one layer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public PerHead<double> ForLayer(int layer) => layer >= 0 && layer < Layers.Count
        ? new PerHead<double>(Layers[layer])
        : throw new ArgumentOutOfRangeException(nameof(layer), layer, $"There are thresholds for {Layers.Count} layers.");

    /// <summary>Reads a file.</summary>
    /// <exception cref="AttentionThresholdsException">It is missing, unreadable or wrong; the message has path, place and value.</exception>
    public static AttentionThresholds Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AttentionThresholdsException(path, $"it cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="AttentionThresholdsException">The text is wrong.</exception>
    public static AttentionThresholds Parse(string json, string source)
    {
        try
        {
            var root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw Wrong("it must be a JSON object");
            foreach (var (name, _) in root)
                if (!Properties.Contains(name)) throw Wrong($"the property \"{name}\" is not known; allowed are {string.Join(", ", Properties)}");
            if (Get<string>("format") != FormatName) throw Wrong($"format is \"{Get<string>("format")}\"; it must be \"{FormatName}\"");
            if (Get<int>("version") != FormatVersion) throw Wrong($"version is {Get<int>("version")}; this program reads version {FormatVersion}");
            var layers = root["layers"] as JsonArray ?? throw Wrong("layers must be an array of arrays of numbers");
            var thresholds = new AttentionThresholds(
                Get<string>("model"), Get<int>("blockSize"), Get<int>("stride"),
                [.. layers.Select((layer, at) => (IReadOnlyList<double>)[.. (layer as JsonArray ?? throw Wrong($"layers[{at}] must be an array of numbers")).Select(Number)])]);
            return thresholds.Problem() is { } problem ? throw Wrong(problem) : thresholds;

            T Get<T>(string name) => root[name] is JsonValue value && value.TryGetValue(out T? found) ? found : throw Wrong($"{name} is missing or of another type");
        }
        catch (JsonException error)
        {
            throw new AttentionThresholdsException(source, $"it is not JSON: {error.Message}", error);
        }

        AttentionThresholdsException Wrong(string what) => new(source, what);

        double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : throw Wrong($"a threshold is {node?.ToJsonString() ?? "null"}; it must be a number");
    }

    /// <summary>Writes a file, replacing one that is there only when complete.</summary>
    /// <exception cref="AttentionThresholdsException">A value is out of its range.</exception>
    /// <exception cref="IOException">The file cannot be written; nothing is left behind.</exception>
    public void Save(string path)
    {
        if (Problem() is { } problem) throw new AttentionThresholdsException(path, problem);
        var json = new JsonObject
        {
            ["format"] = FormatName,
            ["version"] = FormatVersion,
            ["model"] = Model,
            ["blockSize"] = BlockSize,
            ["stride"] = Stride,
            ["layers"] = new JsonArray([.. Layers.Select(layer => new JsonArray([.. layer.Select(value => JsonValue.Create(value))]))]),
        };
        var pending = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Environment.ProcessId}.thresholds.part");
        try
        {
            File.WriteAllText(pending, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
            File.Move(pending, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Thresholds {path} cannot be written: {error.Message} Choose another path.", error);
        }
        finally
        {
            if (File.Exists(pending)) File.Delete(pending);
        }
    }

    private string? Problem()
    {
        if (!BlockLayout.BlockSizes.Contains(BlockSize)) return $"blockSize is {BlockSize}; it must be one of {string.Join(", ", BlockLayout.BlockSizes)}";
        if (!XAttentionSettings.Strides.Contains(Stride)) return $"stride is {Stride}; it must be one of {string.Join(", ", XAttentionSettings.Strides)}";
        if (Layers.Count == 0) return "there are no layers";
        for (var layer = 0; layer < Layers.Count; layer++)
        {
            if (Layers[layer].Count == 0 || Layers[layer].Count != Layers[0].Count)
                return $"layers[{layer}] has {Layers[layer].Count} heads and layers[0] has {Layers[0].Count}; all must have the same number, at least 1";
            for (var head = 0; head < Layers[layer].Count; head++)
                if (Layers[layer][head] is not (> 0 and <= 1)) return $"layers[{layer}][{head}] is {Layers[layer][head]}; a threshold must be more than 0 and at most 1";
        }
        return null;
    }
}
