using TorchSharp;
using XVideo.DiT.Wan;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Weights;

namespace XVideo.Parity.Checks;

/// <summary>A Wan model folder with its golden values.</summary>
internal static class WanFolder
{
    private const string Golden = "golden.safetensors";

    /// <summary>Whether a folder is a Wan model with golden values of this prefix.</summary>
    public static bool Holds(string folder, string prefix) => IsModel(folder) && GoldenFile.Holds(Path.Combine(folder, Golden), prefix);

    /// <summary>Whether a folder is a Wan model.</summary>
    public static bool IsModel(string folder)
    {
        var index = Path.Combine(folder, "model_index.json");
        return File.Exists(index) && SchedulerGolden.ReadJson(index)["_class_name"]?.ToString() == "WanPipeline";
    }

    /// <summary>Opens the golden values.</summary>
    public static GoldenFile Open(string folder) => new(Path.Combine(folder, Golden));

    /// <summary>Loads the transformer; the source owns its parameters.</summary>
    public static (WanTransformer Network, SafetensorsWeights Source) LoadTransformer(string folder, ParityOptions options)
    {
        var part = Path.Combine(folder, "transformer");
        var config = WanTransformerConfig.Read(Path.Combine(part, "config.json"));
        return SafetensorsWeights.Load(part, options.DType, options.Device, WanTransformer.KeepInFloat32, weights => new WanTransformer(config, weights));
    }

    /// <summary>Loads the autoencoder; the source owns its parameters.</summary>
    public static (WanVae Network, SafetensorsWeights Source) LoadVae(string folder, ParityOptions options)
    {
        var part = Path.Combine(folder, "vae");
        var config = WanVaeConfig.Load(Path.Combine(part, "config.json"));
        return SafetensorsWeights.Load(part, options.DType, options.Device, [], weights => new WanVae(config, weights));
    }
}
