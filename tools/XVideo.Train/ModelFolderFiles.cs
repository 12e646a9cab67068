using XVideo.Pipeline.Models;
using XVideo.Tokenizers;
using XVideo.Scenes;
using XVideo.Train.Models;

namespace XVideo.Train;

/// <summary>Writes what a model folder needs beside weights: index, scheduler, tokenizer, and our own generation defaults.</summary>
internal static class ModelFolderFiles
{
    /// <returns>The tokenizer of the folder.</returns>
    public static Tokenizer Write(TrainingOptions options)
    {
        var modelFolder = options.OutputFolder;
        WanFolderFiles.WriteIndex(modelFolder);
        WanFolderFiles.WriteJson(modelFolder, "generation_config.json", new Dictionary<string, object>
        {
            ["width"] = DefaultModel.Size.Width, ["height"] = DefaultModel.Size.Height, ["num_frames"] = DefaultModel.Size.Frames, ["fps"] = DefaultModel.FrameRate,
            ["num_inference_steps"] = 20, ["guidance_scale"] = 4.0, ["negative_prompt"] = "", ["max_sequence_length"] = DefaultModel.TextLength,
            // Measured: a latent frame is three blocks of 64, and a coarser stride chooses as well here (docs/performance.md).
            ["attention"] = new Dictionary<string, object> { ["block_size"] = 64, ["stride"] = 16 },
            ["presets"] = new Dictionary<string, object>
            {
                ["large"] = new Dictionary<string, object> { ["width"] = DefaultModel.LargeSize.Width, ["height"] = DefaultModel.LargeSize.Height, ["num_frames"] = DefaultModel.LargeSize.Frames },
            },
            ["families"] = SceneFamily.All.ToDictionary(family => family.Name, family => family.ExamplePrompts),
        });
        var folder = Path.Combine(modelFolder, "tokenizer");
        // The text encoder in the folder knows its words by their numbers.
        if (options.Finish && Directory.Exists(folder)) return Tokenizer.Load(folder);
        var captions = Enumerable.Range(0, options.VocabularySample).Select(index => SceneGrammar.Sample((ulong)options.Seed, index, Split.Train).Caption);
        UnigramVocabulary.Build(captions).Write(folder, DefaultModel.TextLength);
        return Tokenizer.Load(folder);
    }
}
