using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace XVideo.Train;

/// <summary>Writes <c>manifest.json</c>: every file of the model folder with size and hash, and how the model was made.</summary>
internal static class Manifest
{
    private const int CurvePoints = 40;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="modelFolder">Has the finished files and the <c>.csv</c> logs of training.</param>
    /// <param name="commit">Revision of this repository that trained it.</param>
    /// <param name="hardware">What it was trained on.</param>
    /// <param name="seed">Seed of data, initial values and noise.</param>
    public static void Write(string modelFolder, string commit, string hardware, int seed)
    {
        var curves = Directory.GetFiles(modelFolder, "*.csv").Order(StringComparer.Ordinal)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => ReadCurve(path));
        var files = Directory.GetFiles(modelFolder, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(modelFolder, path)))
            .Where(file => Path.GetExtension(file.Name) is ".json" or ".safetensors" && file.Name != "manifest.json")
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new { name = file.Name, bytes = new FileInfo(file.Path).Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.Path))) });
        var manifest = new
        {
            made_by = "tools/XVideo.Train",
            commit,
            hardware,
            data_seed = seed,
            // Each point: step, minutes, loss (vae, decoder: squared error of pixels in −1…1; dit: squared error of the velocity).
            curves,
            files,
        };
        File.WriteAllText(Path.Combine(modelFolder, "manifest.json"), JsonSerializer.Serialize(manifest, Indented) + "\n");
    }

    private static double[][] ReadCurve(string path)
    {
        var points = File.ReadAllLines(path).Select(line => line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var stride = Math.Max(1, points.Length / CurvePoints);
        return [.. points.Where((_, index) => index % stride == 0 || index == points.Length - 1)];
    }
}
