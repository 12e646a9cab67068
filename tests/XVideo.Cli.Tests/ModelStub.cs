namespace XVideo.Cli.Tests;

/// <summary>A model folder with configs and no weights: enough for everything that happens before a model is loaded.</summary>
internal static class ModelStub
{
    /// <summary>Writes <c>weights/default</c> under a folder.</summary>
    public static void Write(TemporaryFolder folder, string className = "WanPipeline", string? generationConfig = null)
    {
        folder.File("weights/default/model_index.json", $$"""{ "_class_name": "{{className}}" }""");
        folder.File("weights/default/transformer/config.json", """{ "patch_size": [1, 2, 2], "rope_max_seq_len": 64 }""");
        folder.File("weights/default/vae/config.json", """{ "temperal_downsample": [false, true, true] }""");
        folder.File("weights/default/scheduler/scheduler_config.json", """{ "_class_name": "UniPCMultistepScheduler", "flow_shift": 3.0 }""");
        folder.File("weights/default/text_encoder/config.json", "{}");
        folder.File("weights/default/tokenizer/tokenizer.json", "{}");
        if (generationConfig is not null) folder.File("weights/default/generation_config.json", generationConfig);
    }
}
