using System.Text;
using System.Text.Json;

namespace XVideo.Train.Evaluation;

/// <summary>Appends results to the file of one part, each at once and in one piece.</summary>
internal sealed class ResultsWriter : IDisposable
{
    private readonly FileStream _lock;
    private readonly FileStream _file;

    /// <param name="path">Of the results file.</param>
    /// <param name="header">Written when the file begins.</param>
    /// <param name="found">What is in the folder now; its header has been checked against <paramref name="header"/>.</param>
    /// <exception cref="EvaluationException">Another process writes the same file.</exception>
    public ResultsWriter(string path, ResultsHeader header, ResultsFolder found)
    {
        _lock = Lock(path);
        var begins = found.Headers.All(entry => entry.File != path);
        _file = new FileStream(path, begins ? FileMode.Create : FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        if (begins) Write(header);
        else EndBrokenLine();
    }

    public void Write<T>(T entry) => _file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, EvaluationJson.Line) + "\n"));

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    // The lock lies beside the file, which others must be able to read; the system frees it when the process ends in any way.
    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new EvaluationException($"{path} cannot be locked ({error.Message}): another process evaluates this part. Give every process its own --part, or wait for it.");
        }
    }

    // A process that was killed while it wrote left no line break.
    private void EndBrokenLine()
    {
        _file.Seek(-1, SeekOrigin.End);
        var isWhole = _file.ReadByte() == '\n';
        _file.Seek(0, SeekOrigin.End);
        if (!isWhole) _file.Write("\n"u8);
    }
}
