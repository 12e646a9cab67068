using System.Text.Json;
using System.Text.Json.Nodes;
using XVideo.DiT.Wan;
using XVideo.Pipeline.TextEncoding;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Weights;

namespace XVideo.RandomModel;

/// <summary>What each network needs, asked of the network's own class, so that it cannot differ from what is loaded later.</summary>
internal static class ModelParts
{
    /// <summary>Names of the parts, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Names { get; } = ["transformer", "vae", "text_encoder"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>One part of a model.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="sizes">The model.</param>
    public static ModelPart Create(string name, ModelSizes sizes) => name switch
    {
        "transformer" => new(name, "diffusion_pytorch_model", Record(weights => new WanTransformer(sizes.Transformer, weights))),
        "vae" => new(name, "diffusion_pytorch_model", Record(weights => new WanVae(sizes.Vae, weights))),
        "text_encoder" => new(name, "model", Record(weights => new Umt5Encoder(sizes.TextEncoder, weights))),
        _ => throw Unknown(name),
    };

    /// <summary>The text of a part's <c>config.json</c>.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="sizes">The model.</param>
    public static string ConfigJson(string name, ModelSizes sizes) => name switch
    {
        "transformer" => Json(sizes.Transformer, ("_class_name", WanTransformerConfig.ClassName)),
        "vae" => sizes.Vae.ToJson(),
        "text_encoder" => Json(sizes.TextEncoder, ("architectures", new JsonArray(Umt5Config.ClassName)), ("pad_token_id", 0), ("eos_token_id", 1)),
        _ => throw Unknown(name),
    };

    private static ArgumentException Unknown(string name) => new($"There is no part \"{name}\"; parts are {string.Join(", ", Names)}.", nameof(name));

    private static List<(string Name, long[] Shape)> Record(Func<Weights, object> build)
    {
        using var recorder = new ShapeRecorder();
        (build(new Weights(recorder)) as IDisposable)?.Dispose();
        return [.. recorder.Parameters];
    }

    private static string Json<T>(T config, params (string Name, JsonNode Value)[] first)
    {
        var json = new JsonObject();
        foreach (var (name, value) in first) json[name] = value;
        foreach (var (name, value) in JsonSerializer.SerializeToNode(config)!.AsObject()) json[name] = value?.DeepClone();
        return json.ToJsonString(Indented);
    }
}
