using XVideo.Pipeline.Requests;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Tests.Requests;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("xvideo-model-").FullName;

    private string Model => Path.Combine(_root, "weights", "tiny");

    public ModelFolderTests()
    {
        Write("model_index.json", """{ "_class_name": "WanPipeline" }""");
        Write("transformer/config.json", """{ "patch_size": [1, 2, 2], "rope_max_seq_len": 64 }""");
        Write("transformer/weights.safetensors", "not read here");
        Write("vae/config.json", """{ "temperal_downsample": [false, true, true] }""");
        Write("scheduler/scheduler_config.json", """{ "_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 5.0 }""");
        Write("text_encoder/config.json", "{}");
        Write("tokenizer/tokenizer.json", "{}");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Open_ConfigsOnly_ReadsLimitsAndDefaults()
    {
        var model = ModelFolder.Open(Model + "/");
        Assert.Equal(("tiny", "WanPipeline", Model), (model.Name, model.ClassName, model.Path));
        Assert.Equal(new ModelLimits(16, 4, 64, ModelLimits.DefaultMaxTokens), model.Limits);
        Assert.Equal((1024, 253), (model.Limits.MaximumSide, model.Limits.MaximumFrameCount));
        Assert.Equal(("euler", 5.0, 832, 512), (model.Defaults.Scheduler, model.Defaults.FlowShift, model.Defaults.Width, model.Defaults.MaxSequenceLength));
    }

    [Fact]
    public void Open_GenerationConfig_OverridesThePreset()
    {
        Write("generation_config.json", """
            { "width": 256, "height": 192, "num_frames": 41, "fps": 12, "num_inference_steps": 20, "guidance_scale": 4.0, "negative_prompt": "blurry",
              "max_sequence_length": 64, "families": { "ball": ["a red ball bounces"] } }
            """);
        var defaults = ModelFolder.Open(Model).Defaults;
        Assert.Equal((256, 192, 41, 12.0, 20, 4.0), (defaults.Width, defaults.Height, defaults.FrameCount, defaults.FrameRate, defaults.Steps, defaults.GuidanceScale));
        Assert.Equal(("blurry", 64, "euler", 5.0), (defaults.NegativePrompt, defaults.MaxSequenceLength, defaults.Scheduler, defaults.FlowShift));
        Assert.Equal(["a red ball bounces"], defaults.Families["ball"]);
    }

    [Fact]
    public void Open_Presets_AreCompletedFromTheConfig()
    {
        Write("generation_config.json", """
            { "width": 256, "height": 192, "num_inference_steps": 20, "families": { "ball": ["a red ball bounces"] },
              "presets": { "large": { "width": 384, "num_frames": 57, "attention": { "method": "xattention", "threshold": "t.json" } }, "fast": { "num_inference_steps": 4 } } }
            """);
        var defaults = ModelFolder.Open(Model).Defaults;
        Assert.Equal(["large", "fast"], defaults.Presets.Keys);
        var large = defaults.Under("large");
        Assert.Equal((384, 192, 57, 20, 5.0), (large.Width, large.Height, large.FrameCount, large.Steps, large.FlowShift));
        Assert.Equal(Path.Combine(Model, "t.json"), large.Attention!.Threshold);
        Assert.Equal((256, 4), (defaults.Under("fast").Width, defaults.Under("fast").Steps));
        Assert.Same(defaults, defaults.Under(null));
        Assert.Same(defaults, defaults.Under("huge"));
    }

    [Theory]
    [InlineData("generation_config.json", """{ "presets": { "large": { "widht": 256 } } }""", "widht")]
    [InlineData("generation_config.json", """{ "presets": { "large": { "presets": {} } } }""", "preset \"large\" must have a name, and hold an object without families or presets")]
    [InlineData("generation_config.json", """{ "presets": { "large": { "families": {} } } }""", "preset \"large\"")]
    [InlineData("generation_config.json", """{ "presets": { "large": null } }""", "preset \"large\"")]
    [InlineData("generation_config.json", """{ "presets": { " ": {} } }""", "preset \" \"")]
    [InlineData("generation_config.json", """{ "presets": [] }""", "presets")]
    [InlineData("generation_config.json", """{ "widht": 256 }""", "widht")]
    [InlineData("generation_config.json", """{ "width": "wide" }""", "width")]
    [InlineData("model_index.json", "{", "cannot be read as JSON")]
    [InlineData("model_index.json", "[]", "must hold a JSON object")]
    [InlineData("model_index.json", "{}", "_class_name")]
    [InlineData("model_index.json", """{ "_class_name": "FluxPipeline" }""", "Supported: WanPipeline")]
    [InlineData("transformer/config.json", "nonsense", "cannot be read as JSON")]
    public void Open_BadConfig_NamesTheFileAndTheProblem(string file, string content, string sentence)
    {
        Write(file, content);
        var error = Assert.Throws<ModelFileException>(() => ModelFolder.Open(Model));
        Assert.Contains(Path.Combine(Model, file), error.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PartsMissing_ListsAllOfThem()
    {
        Directory.Delete(Path.Combine(Model, "vae"), recursive: true);
        Directory.Delete(Path.Combine(Model, "text_encoder"), recursive: true);
        var error = Assert.Throws<ModelFileException>(() => ModelFolder.Open(Model));
        Assert.Equal(2, error.Problems.Count);
    }

    [Fact]
    public void Describe_WeightsChange_ChangesTheHash()
    {
        var before = ModelFolder.Open(Model).Describe().Hash;
        Assert.Equal(before, ModelFolder.Open(Model).Describe().Hash);
        Write("README.md", "not part of the model");
        Write("generation_config.json", "{}");
        Assert.Equal(before, ModelFolder.Open(Model).Describe().Hash);
        Write("transformer/weights.safetensors", "not read herE");
        Assert.NotEqual(before, ModelFolder.Open(Model).Describe().Hash);
    }

    [Fact]
    public void Find_NameOrPath_LeadsToTheFolder()
    {
        var catalog = new ModelCatalog([Path.Combine(_root, "absent"), Path.Combine(_root, "weights")]);
        Assert.Equal(Model, catalog.Find("tiny"));
        Assert.Equal(Model, catalog.Find(Model));
        Assert.Equal([Model], catalog.Folders());
    }

    [Theory]
    [InlineData("huge")]
    [InlineData("")]
    [InlineData("../tiny")]
    public void Find_NothingThere_NamesWhatExists(string name)
    {
        var error = Assert.Throws<ModelFileException>(() => new ModelCatalog([Path.Combine(_root, "weights")]).Find(name));
        Assert.Contains("Models found: tiny", error.Message, StringComparison.Ordinal);
        Assert.Contains("XVIDEO_MODELS", error.Message, StringComparison.Ordinal);
    }

    private void Write(string name, string content)
    {
        var path = Path.Combine(Model, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
