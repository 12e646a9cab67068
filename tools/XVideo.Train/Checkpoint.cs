using System.Globalization;
using TorchSharp;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using XVideo.Train.Optimization;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>One training run on disk: parameters, their average, the optimiser's moments, and how far the run had come.</summary>
/// <param name="path">The file; it appears only when complete.</param>
/// <param name="network">What is trained, for messages.</param>
/// <param name="config">The network's sizes: a checkpoint of others is refused.</param>
/// <param name="seed">Data seed: a checkpoint of another one is refused.</param>
internal sealed class Checkpoint(string path, string network, string config, int seed)
{
    private static readonly string[] Names = ["values", "average", "first", "second"];

    public void Write(FlatParameters parameters, Optimiser optimiser, Budget budget, long position)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        Tensor[] tensors = [parameters.Values, optimiser.Average, optimiser.Moments.First, optimiser.Moments.Second];
        var metadata = new Dictionary<string, string>
        {
            ["step"] = optimiser.StepCount.ToString(CultureInfo.InvariantCulture), ["minutes"] = budget.SpentMinutes.ToString("R", CultureInfo.InvariantCulture),
            ["seed"] = seed.ToString(CultureInfo.InvariantCulture), ["position"] = position.ToString(CultureInfo.InvariantCulture), ["config"] = config,
        };
        SafetensorsWriter.Write(
            path,
            [.. Names.Select(name => (name, SafetensorsDType.F32, (long[])[parameters.Count]))],
            (index, stream) => stream.Write(tensors[index].cpu().bytes),
            metadata);
    }

    /// <summary>Continues where the file left off.</summary>
    /// <returns>Minutes spent and the scene position, or null when there is no checkpoint.</returns>
    /// <exception cref="ModelFileException">The checkpoint is damaged, or is of another network or seed.</exception>
    public unsafe (double Minutes, long Position)? Restore(FlatParameters parameters, Optimiser optimiser)
    {
        if (!File.Exists(path)) return null;
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var file = SafetensorsFile.Open(path);
        string Stored(string name) => file.Metadata.GetValueOrDefault(name) ?? throw Damaged($"it does not say its '{name}'");
        if (Stored("seed") is var stored && stored != seed.ToString(CultureInfo.InvariantCulture))
            throw new ModelFileException(path, $"made with data seed {stored}, this run has {seed}. Use --seed {stored}, or another --out.");
        if (Stored("config") is var other && other != config)
            throw new ModelFileException(path, $"made for an {network} of another size: {other.ReplaceLineEndings(" ")}; this run trains {config.ReplaceLineEndings(" ")}. Use another --out, or the revision that made it.");
        Tensor Read(string name)
        {
            if (!file.Entries.TryGetValue(name, out var entry) || entry.DType != SafetensorsDType.F32 || entry.ElementCount != parameters.Count)
                throw Damaged($"'{name}' has {(entry is null ? "no" : entry.ElementCount)} float32 numbers, the {network} needs {parameters.Count}");
            return ForeignMemory.AsTensor(file.Pointer(entry), [entry.ElementCount], ScalarType.Float32);
        }
        if (!int.TryParse(Stored("step"), CultureInfo.InvariantCulture, out var step) || !double.TryParse(Stored("minutes"), CultureInfo.InvariantCulture, out var minutes)
            || !long.TryParse(Stored("position"), CultureInfo.InvariantCulture, out var position))
            throw Damaged($"step '{Stored("step")}', minutes '{Stored("minutes")}' and position '{Stored("position")}' must be numbers");
        parameters.Values.copy_(Read("values"));
        optimiser.Restore(step, Read("first"), Read("second"), Read("average"));
        return (minutes, position);
    }

    private ModelFileException Damaged(string what) => new(path, $"not a checkpoint to go on from: {what}. Delete it to start this part again, or use another --out.");
}
