using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using XVideo.Torch.Safetensors;
using XVideo.Video;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Checkpoints;

/// <summary>Denoising between two steps: all that is needed to go on to the same frames.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Latents">[1, C, T, H, W] float32.</param>
/// <param name="Memory">What the scheduler remembers of earlier steps; see <see cref="Schedulers.IScheduler.Memory"/>.</param>
/// <remarks>A safetensors file: <c>latents</c>, <c>memory.0</c> …, and in its header the identity of the run, the step and a hash of the numbers.</remarks>
internal sealed record DenoiseCheckpoint(int Step, Tensor Latents, IReadOnlyList<Tensor> Memory)
{
    private const string Format = "xvideo-denoise-1";

    private IReadOnlyList<(string Name, Tensor Values)> Tensors => [("latents", Latents), .. Memory.Select((values, i) => ($"memory.{i}", values))];

    /// <summary>Writes the file whole or not at all, over an older one.</summary>
    /// <exception cref="VideoOutputException">It cannot be written.</exception>
    public void Write(string path, string identity)
    {
        using var scope = NewDisposeScope();
        var tensors = Tensors.Select(tensor => (tensor.Name, Values: tensor.Values.to(ScalarType.Float32).cpu().contiguous())).ToList();
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format, ["identity"] = identity, ["step"] = Step.ToString(CultureInfo.InvariantCulture), ["sha256"] = Hash(tensors.Select(tensor => tensor.Values)),
        };
        try
        {
            SafetensorsWriter.Write(
                path, [.. tensors.Select(tensor => (tensor.Name, SafetensorsDType.F32, tensor.Values.shape))], (index, stream) => stream.Write(tensors[index].Values.bytes), metadata);
        }
        catch (ModelFileException error)
        {
            throw new VideoOutputException(
                VideoOutputProblem.NotWritable, path, $"The checkpoint \"{path}\" cannot be written: {error.Message} Free some space, or give a folder that can be written.", error);
        }
    }

    /// <summary>Reads a checkpoint of this very run.</summary>
    /// <param name="path">A missing file is no checkpoint.</param>
    /// <param name="identity">The run's.</param>
    /// <param name="device">Gets the tensors.</param>
    /// <returns><see langword="null"/> when there is none, or it is damaged or of another run: then the run begins at its first step.</returns>
    public static DenoiseCheckpoint? Read(string path, string identity, Device device)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var file = SafetensorsFile.Open(path);
            string? Stored(string name) => file.Metadata.GetValueOrDefault(name);
            if (Stored("format") != Format || Stored("identity") != identity || !int.TryParse(Stored("step"), CultureInfo.InvariantCulture, out var step)) return null;
            using var scope = NewDisposeScope();
            var names = (string[])["latents", .. Enumerable.Range(0, file.Entries.Count - 1).Select(i => $"memory.{i}")];
            var tensors = names.Select(name => Copy(file, name)).ToList();
            if (Stored("sha256") != Hash(tensors)) return null;
            var placed = tensors.Select(values => values.to(device).MoveToOuterDisposeScope()).ToList();
            return new DenoiseCheckpoint(step, placed[0], placed[1..]);
        }
        catch (Exception error) when (error is ModelFileException or KeyNotFoundException or IOException)
        {
            return null;
        }
    }

    private static Tensor Copy(SafetensorsFile file, string name)
    {
        var entry = file.Entries[name];
        return tensor(MemoryMarshal.Cast<byte, float>(file.Bytes(entry)).ToArray()).reshape([.. entry.Shape]);
    }

    private static string Hash(IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var values in tensors) hash.AppendData(values.bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
