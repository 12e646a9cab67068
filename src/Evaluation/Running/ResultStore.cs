using System.Text;
using System.Text.Json;

namespace XVideo.Evaluation.Running;

/// <summary>Results that are there already, and the file that new ones are appended to at once, so that an interrupted evaluation goes on where it stopped.</summary>
internal sealed class ResultStore : IDisposable
{
    private const string FileName = "results.jsonl";

    private readonly Dictionary<(string, string, int, string, string), StoredResult> _results = [];
    private readonly FileStream? _lock, _file;

    /// <param name="folder">Where the file is; <see langword="null"/>: results are kept in memory alone.</param>
    /// <exception cref="EvaluationException">Another process writes there.</exception>
    public ResultStore(string? folder)
    {
        if (folder is null) return;
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        _lock = Lock(path);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        Read(_file);
    }

    /// <summary>Results that an earlier run left.</summary>
    public int Found { get; private set; }

    public StoredResult? Find(StoredResult like) => _results.GetValueOrDefault(like.Key);

    public void Add(StoredResult result)
    {
        _results[result.Key] = result;
        _file?.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(result, EvaluationJson.Line) + "\n"));
    }

    public void Dispose()
    {
        _file?.Dispose();
        _lock?.Dispose();
    }

    private void Read(FileStream file)
    {
        using var reader = new StreamReader(file, leaveOpen: true);
        var text = reader.ReadToEnd();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) if (Parse(line) is { } result) _results[result.Key] = result;
        Found = _results.Count;
        file.Seek(0, SeekOrigin.End);
        // A process that was killed while it wrote left half a line; what comes next must not stick to it.
        if (text.Length > 0 && text[^1] != '\n') file.Write("\n"u8);
    }

    private static StoredResult? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<StoredResult>(line, EvaluationJson.Line) is { Clip: not null, Measure: not null, Weights: not null, Parameters: not null, Values: not null } result ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Freed by the system when the process ends in any way.
    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (File.Exists(path + ".lock"))
        {
            throw new EvaluationException($"{path} cannot be locked ({error.Message}): another evaluation writes there. Wait for it, or use another --output.");
        }
    }
}
