using System.Runtime.InteropServices;
using XVideo.Metrics.Networks.Clip;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class ClipModelLoadTests : IDisposable
{
    private static readonly ClipConfig Config = new()
    {
        FileName = "small.pt", Image = new(32, 2, 4, 128), Text = new(24, 2, 4, 96), PatchSize = 8, GridSize = 3, EmbeddingDim = 16, VocabularySize = 50, ContextLength = 12, EndId = 49,
    };

    private static readonly (string OpenAi, string HuggingFace)[] Renamed =
    [
        ("visual.conv1", "vision_model.embeddings.patch_embedding"), ("visual.class_embedding", "vision_model.embeddings.class_embedding"),
        ("visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"), ("visual.ln_pre", "vision_model.pre_layrnorm"),
        ("visual.transformer.resblocks", "vision_model.encoder.layers"), ("visual.ln_post", "vision_model.post_layernorm"), ("visual.proj", "visual_projection.weight"),
        ("token_embedding", "text_model.embeddings.token_embedding"), ("positional_embedding", "text_model.embeddings.position_embedding.weight"),
        ("transformer.resblocks", "text_model.encoder.layers"), ("ln_final", "text_model.final_layer_norm"), ("text_projection", "text_projection.weight"),
        ("ln_1", "layer_norm1"), ("ln_2", "layer_norm2"), ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2"), ("attn.out_proj", "self_attn.out_proj"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-clip-").FullName;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_UnderEitherNames_GivesTheSameNetwork(bool huggingFace)
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters();
        using var clip = ClipModel.Load(Write(huggingFace ? AsHuggingFace(parameters) : parameters), Config, CPU);
        var images = tensor([.. Enumerable.Range(0, 2).SelectMany(i => FormulaWeights.Mix(3 * 24 * 24, 30 + i)).Select(x => (float)(x * 4))]).reshape(2, 3, 24, 24);
        long[] ids = [48, 3, 17, 49, 0, 0, 0, 0, 0, 0, 0, 0, 48, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 49];
        Assert.True(NetworkData.RelativeError(Values(clip.EncodeImages(images)), NetworkData.Reference("clip_image")) < 1e-5);
        Assert.True(NetworkData.RelativeError(Values(clip.EncodeTexts(tensor(ids).reshape(2, 12))), NetworkData.Reference("clip_text")) < 1e-5);
        Assert.Empty(clip.Files[0].IgnoredKeys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_WithoutText_LeavesTheTextHalfInTheFile(bool huggingFace)
    {
        var parameters = Parameters();
        var names = huggingFace ? AsHuggingFace(parameters) : parameters;
        using var clip = ClipModel.Load(Write(names), Config, CPU, withText: false);
        var text = names.Keys.Where(name => !name.StartsWith("vis", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(text, clip.Files[0].IgnoredKeys);
    }

    [Fact]
    public void Load_OfAnotherSize_ListsEveryShape()
    {
        var error = Assert.Throws<ModelFileException>(() => ClipModel.Load(Write(Parameters()), Config with { GridSize = 4 }, CPU));
        Assert.Contains("CLIP with images of 32 pixels, patches of 8, width 32 (published as small.pt", error.Problems[0]);
        Assert.Equal("mis-shaped: visual.positional_embedding has [10, 32], the network needs [17, 32]", Assert.Single(error.Problems.Skip(1)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Dictionary<string, (long[] Shape, float[] Values)> Parameters()
    {
        using var recorder = new ShapeRecorder();
        using var formula = new FormulaWeights();
        _ = new ClipModel(Config, new Weights(recorder));
        return recorder.Parameters.ToDictionary(parameter => parameter.Name, parameter => (parameter.Shape, Values(formula.Get(parameter.Name, parameter.Shape))));
    }

    private static Dictionary<string, (long[] Shape, float[] Values)> AsHuggingFace(Dictionary<string, (long[] Shape, float[] Values)> parameters)
    {
        var renamed = new Dictionary<string, (long[], float[])>();
        foreach (var (name, (shape, values)) in parameters)
        {
            var other = Renamed.Aggregate(name, (current, pair) => current.StartsWith(pair.OpenAi, StringComparison.Ordinal) || pair.OpenAi.Contains("ln_") || pair.OpenAi.Contains('.')
                ? current.Replace(pair.OpenAi, pair.HuggingFace) : current);
            if (name.Contains("in_proj_"))
                for (var part = 0; part < 3; part++)
                    renamed[other.Replace("attn.in_proj_", $"self_attn.{"qkv"[part]}_proj.")] = ([shape[0] / 3, .. shape[1..]], values[(part * values.Length / 3)..((part + 1) * values.Length / 3)]);
            else if (name is "visual.proj" or "text_projection")
                renamed[other] = ([shape[1], shape[0]], [.. Enumerable.Range(0, values.Length).Select(i => values[(i % shape[0] * shape[1]) + (i / shape[0])])]);
            else
                renamed[other] = (shape, values);
        }
        return renamed;
    }

    private string Write(Dictionary<string, (long[] Shape, float[] Values)> tensors)
    {
        var path = Path.Combine(_folder, "model.safetensors");
        var list = tensors.ToList();
        SafetensorsWriter.Write(path, [.. list.Select(entry => (entry.Key, SafetensorsDType.F32, entry.Value.Shape))],
            (i, stream) => stream.Write(MemoryMarshal.AsBytes<float>(list[i].Value.Values)));
        return path;
    }

    private static float[] Values(Tensor x) => x.contiguous().data<float>().ToArray();
}
