using System.Text.Json;

namespace XVideo.Pipeline.Models;

/// <summary>The small files that make a folder a Wan text-to-video model in the diffusers layout; for tools that write models.</summary>
public static class WanFolderFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes <c>model_index.json</c> and <c>scheduler/scheduler_config.json</c>.</summary>
    /// <remarks>Source: the published configs of Wan-AI/Wan2.1-T2V-1.3B-Diffusers.</remarks>
    public static void WriteIndex(string modelFolder)
    {
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
    }

    /// <summary>Writes one indented JSON file, making its folder.</summary>
    public static void WriteJson(string modelFolder, string name, object content)
    {
        var path = Path.Combine(modelFolder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(content, Indented) + "\n");
    }
}
