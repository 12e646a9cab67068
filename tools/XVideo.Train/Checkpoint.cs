using TorchSharp;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using XVideo.Train.Optimization;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>One training run on disk: parameters, their average, the optimiser's moments, and how far the run had come.</summary>
internal static class Checkpoint
{
    private static readonly string[] Names = ["values", "average", "first", "second"];

    public static void Write(string path, FlatParameters parameters, AdamW optimiser, Budget budget, ulong seed, long position)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        Tensor[] tensors = [parameters.Values, optimiser.Average, optimiser.Moments.First, optimiser.Moments.Second];
        var metadata = new Dictionary<string, string>
        {
            ["step"] = optimiser.StepCount.ToString(), ["minutes"] = budget.SpentMinutes.ToString("R"),
            ["seed"] = seed.ToString(), ["position"] = position.ToString(),
        };
        SafetensorsWriter.Write(
            path,
            [.. Names.Select(name => (name, SafetensorsDType.F32, (long[])[parameters.Count()]))],
            (index, stream) => stream.Write(tensors[index].detach().cpu().bytes),
            metadata);
    }

    /// <summary>Continues from a checkpoint of the same network and seed.</summary>
    /// <returns>Minutes spent and the scene position, or null when there is no checkpoint.</returns>
    /// <exception cref="ModelFileException">The checkpoint is damaged, or is of another network or seed.</exception>
    public static unsafe (double Minutes, long Position)? Restore(string path, FlatParameters parameters, AdamW optimiser, ulong seed)
    {
        if (!File.Exists(path)) return null;
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("seed") != seed.ToString())
            throw new ModelFileException(path, $"made with data seed {file.Metadata.GetValueOrDefault("seed")}, this run has {seed}. Use the same --seed, or another --out.");
        Tensor Read(string name)
        {
            if (!file.Entries.TryGetValue(name, out var entry) || entry.DType != SafetensorsDType.F32 || entry.ElementCount != parameters.Count())
                throw new ModelFileException(path, $"'{name}' has {(entry is null ? "no" : entry.ElementCount)} float32 numbers, the network needs {parameters.Count()}: a checkpoint of another model size.");
            return ForeignMemory.AsTensor(file.Pointer(entry), [entry.ElementCount], ScalarType.Float32);
        }
        parameters.Values.copy_(Read("values"));
        optimiser.Restore(int.Parse(file.Metadata["step"]), Read("first"), Read("second"), Read("average"));
        return (double.Parse(file.Metadata["minutes"]), long.Parse(file.Metadata["position"]));
    }
}
