using System.Security.Cryptography;
using XVideo.Evaluation.Results;
using XVideo.Metrics.Networks;

namespace XVideo.Evaluation.Measures;

/// <summary>The folder of published weight files that the user gave, or none.</summary>
internal sealed class MetricWeightsFolder
{
    private readonly string? _folder;
    private readonly Dictionary<string, WeightFile> _hashed = [];

    /// <exception cref="EvaluationException">The folder does not exist.</exception>
    public MetricWeightsFolder(string? folder)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new EvaluationException($"The folder of metric weights \"{folder}\" does not exist. Give a folder with published files such as {PublishedFile.Dino.FileName}, or leave it out.");
        _folder = folder;
    }

    /// <summary>Those of the files that are not there.</summary>
    public IReadOnlyList<PublishedFile> Missing(IEnumerable<PublishedFile> files) => [.. files.Where(file => _folder is null || file.Find(_folder) is null)];

    /// <summary>A file that is there, with its hash; read once.</summary>
    public WeightFile Use(PublishedFile file)
    {
        if (_hashed.TryGetValue(file.FileName, out var known)) return known;
        var path = file.Find(_folder!)!;
        using var stream = File.OpenRead(path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        // A converted file has a hash of its own.
        var isPublished = file.Sha256 is null || Path.GetFileName(path) != file.FileName ? (bool?)null : hash == file.Sha256;
        return _hashed[file.FileName] = new(file.FileName, path, hash, isPublished);
    }
}
