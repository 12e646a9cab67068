using System.Runtime.InteropServices;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

/// <summary>A weight file with the formula's parameters of a network, in a folder of its own.</summary>
internal sealed class Tier2File : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-tier2-").FullName;

    /// <param name="build">Takes every parameter of the network.</param>
    /// <param name="weights">The formula.</param>
    /// <param name="rename">A parameter's name in the file; null leaves it out.</param>
    /// <param name="more">Names of other tensors that the file holds, one number each.</param>
    public Tier2File(Func<Weights, object> build, Tier2Weights weights, Func<string, string?> rename, params string[] more)
    {
        using var recorder = new ShapeRecorder();
        build(new Weights(recorder));
        var stored = recorder.Parameters.Select(parameter => (Stored: rename(parameter.Name), parameter.Name, parameter.Shape)).Where(parameter => parameter.Stored is not null)
            .Select(parameter => (Name: parameter.Stored!, parameter.Shape, Values: (Func<float[]>)(() => weights.Get(parameter.Name, parameter.Shape).data<float>().ToArray())))
            .Concat(more.Select(name => (Name: name, Shape: (long[])[1], Values: (Func<float[]>)(() => [1])))).ToList();
        SafetensorsWriter.Write(Path, [.. stored.Select(entry => (entry.Name, SafetensorsDType.F32, entry.Shape))], (i, stream) => stream.Write(MemoryMarshal.AsBytes<float>(stored[i].Values())));
    }

    public string Path => System.IO.Path.Combine(_folder, "network.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Numbers in a network's trained parameters; running statistics are none.</summary>
    public static long CountParameters(Func<Weights, object> build)
    {
        using var recorder = new ShapeRecorder();
        build(new Weights(recorder));
        return recorder.Parameters.Where(parameter => !parameter.Name.Contains("running_", StringComparison.Ordinal)).Sum(parameter => parameter.Shape.Aggregate(1L, (product, size) => product * size));
    }
}
