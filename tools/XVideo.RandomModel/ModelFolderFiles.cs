using System.Text.Json;
using XVideo.Tokenizers;
using XVideo.Torch.Safetensors;

namespace XVideo.RandomModel;

/// <summary>What a model folder needs beside weights: index, scheduler and tokenizer.</summary>
internal static class ModelFolderFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // Every word of these sentences becomes one piece; other words are spelled letter by letter.
    private static readonly string[] Captions =
    [
        "a red ball bounces on green grass", "two yellow stars move to the left over a dark blue background",
        "a white square turns slowly clockwise on a wooden floor", "the quick brown fox jumps over the lazy dog",
    ];

    /// <summary>Writes <c>model_index.json</c> and <c>scheduler/</c>.</summary>
    public static void WriteIndex(string folder)
    {
        WriteJson(folder, "model_index.json", new Dictionary<string, object>
        {
            ["_class_name"] = "WanPipeline",
            ["scheduler"] = new[] { "diffusers", "UniPCMultistepScheduler" },
            ["text_encoder"] = new[] { "transformers", "UMT5EncoderModel" },
            ["tokenizer"] = new[] { "transformers", "T5TokenizerFast" },
            ["transformer"] = new[] { "diffusers", "WanTransformer3DModel" },
            ["vae"] = new[] { "diffusers", "AutoencoderKLWan" },
        });
        // Source: scheduler/scheduler_config.json of Wan-AI/Wan2.1-T2V-1.3B-Diffusers.
        WriteJson(folder, "scheduler/scheduler_config.json", new Dictionary<string, object>
        {
            ["_class_name"] = "UniPCMultistepScheduler", ["flow_shift"] = 3.0, ["num_train_timesteps"] = 1000, ["prediction_type"] = "flow_prediction",
            ["solver_order"] = 2, ["solver_type"] = "bh2", ["predict_x0"] = true, ["lower_order_final"] = true, ["use_flow_sigmas"] = true,
            ["final_sigmas_type"] = "zero",
        });
    }

    /// <summary>Writes a small tokenizer.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="maxLength">Tokens of a prompt.</param>
    public static void WriteTokenizer(string folder, int maxLength) =>
        UnigramVocabulary.Build(Captions).Write(Path.Combine(folder, "tokenizer"), maxLength);

    /// <summary>Copies the tokenizer of another model.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="from">A tokenizer folder.</param>
    public static void CopyTokenizer(string folder, string from)
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "tokenizer")).FullName;
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    /// <summary>Opens a written or foreign tokenizer folder and makes sure that the text encoder has a row for each of its tokens.</summary>
    /// <exception cref="InvalidOptionsException">It is no tokenizer, or has more tokens than the text encoder.</exception>
    public static void CheckTokenizer(string folder, int vocabularySize)
    {
        Tokenizer tokenizer;
        try
        {
            tokenizer = Tokenizer.Load(folder);
        }
        catch (Exception error) when (error is TokenizerException or ModelFileException or IOException)
        {
            throw new InvalidOptionsException([$"--tokenizer-from {folder} is not a usable tokenizer: {error.Message}"]);
        }
        if (tokenizer.VocabularySize > vocabularySize)
            throw new InvalidOptionsException(
                [$"The tokenizer has {tokenizer.VocabularySize} tokens and the text encoder only {vocabularySize}. Set --vocabulary to at least {tokenizer.VocabularySize}, or choose a smaller tokenizer."]);
    }

    private static void WriteJson(string folder, string name, object content)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(content, Indented) + "\n");
    }
}
