using System.Text.Json;
using XVideo.Tokenizers;
using XVideo.Train.Data;
using XVideo.Train.Models;

namespace XVideo.Train;

/// <summary>Writes what a model folder needs beside weights: index, scheduler, tokenizer, and our own generation defaults.</summary>
internal static class ModelFolderFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <returns>The tokenizer that was written.</returns>
    public static Tokenizer Write(TrainingOptions options)
    {
        var modelFolder = options.OutputFolder;
        WriteJson(modelFolder, "model_index.json", new Dictionary<string, object>
        {
            ["_class_name"] = "WanPipeline",
            ["scheduler"] = new[] { "diffusers", "UniPCMultistepScheduler" },
            ["text_encoder"] = new[] { "transformers", "UMT5EncoderModel" },
            ["tokenizer"] = new[] { "transformers", "T5TokenizerFast" },
            ["transformer"] = new[] { "diffusers", "WanTransformer3DModel" },
            ["vae"] = new[] { "diffusers", "AutoencoderKLWan" },
        });
        WriteJson(modelFolder, "scheduler/scheduler_config.json", new Dictionary<string, object>
        {
            ["_class_name"] = "UniPCMultistepScheduler", ["flow_shift"] = 3.0, ["num_train_timesteps"] = 1000, ["prediction_type"] = "flow_prediction",
            ["solver_order"] = 2, ["solver_type"] = "bh2", ["predict_x0"] = true, ["lower_order_final"] = true, ["use_flow_sigmas"] = true,
            ["final_sigmas_type"] = "zero",
        });
        WriteJson(modelFolder, "generation_config.json", new Dictionary<string, object>
        {
            ["width"] = DefaultModel.Size.Width, ["height"] = DefaultModel.Size.Height, ["num_frames"] = DefaultModel.Size.Frames, ["fps"] = DefaultModel.FrameRate,
            ["num_inference_steps"] = 20, ["guidance_scale"] = 4.0, ["negative_prompt"] = "", ["max_sequence_length"] = DefaultModel.TextLength,
            ["families"] = SceneFamily.All.ToDictionary(family => family.Name, family => family.ExamplePrompts),
        });
        var folder = Path.Combine(modelFolder, "tokenizer");
        var captions = Enumerable.Range(0, options.VocabularySample).Select(index => SceneGrammar.Sample((ulong)options.Seed, index, Split.Train).Caption);
        UnigramVocabulary.Build(captions).Write(folder, DefaultModel.TextLength);
        return Tokenizer.Load(folder);
    }

    private static void WriteJson(string modelFolder, string name, object content)
    {
        var path = Path.Combine(modelFolder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(content, Indented) + "\n");
    }
}
