using System.Text.Json;
using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Safetensors;
using XVideo.Train.Models;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>Writes the parts of the model folder: bfloat16 weights under the names of the diffusers layout, and their configs.</summary>
internal static class ComponentWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void WriteVae(string modelFolder, WanVaeConfig config, IEnumerable<(string Name, long[] Shape, Tensor Values)> parameters) =>
        Write(modelFolder, "vae", "diffusion_pytorch_model.safetensors", config.ToJson(), parameters);

    public static void WriteTransformer(string modelFolder, IEnumerable<(string Name, long[] Shape, Tensor Values)> parameters) =>
        Write(modelFolder, "transformer", "diffusion_pytorch_model.safetensors", JsonSerializer.Serialize(DefaultModel.Transformer(), Indented), Under("transformer.", parameters));

    public static void WriteTextEncoder(string modelFolder, int vocabularySize, IEnumerable<(string Name, long[] Shape, Tensor Values)> parameters) =>
        Write(modelFolder, "text_encoder", "model.safetensors", JsonSerializer.Serialize(DefaultModel.TextEncoder(vocabularySize), Indented), Under("text_encoder.", parameters));

    private static IEnumerable<(string Name, long[] Shape, Tensor Values)> Under(string prefix, IEnumerable<(string Name, long[] Shape, Tensor Values)> parameters) =>
        parameters.Where(parameter => parameter.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(parameter => parameter with { Name = parameter.Name[prefix.Length..] });

    private static void Write(string modelFolder, string component, string fileName, string config, IEnumerable<(string Name, long[] Shape, Tensor Values)> parameters)
    {
        var folder = Directory.CreateDirectory(Path.Combine(modelFolder, component)).FullName;
        var tensors = parameters.ToList();
        SafetensorsWriter.Write(
            Path.Combine(folder, fileName),
            [.. tensors.Select(tensor => (tensor.Name, SafetensorsDType.BF16, tensor.Shape))],
            (index, stream) => stream.Write(tensors[index].Values.to(ScalarType.BFloat16).contiguous().bytes),
            new Dictionary<string, string> { ["format"] = "pt" });
        File.WriteAllText(Path.Combine(folder, "config.json"), config + "\n");
    }
}
