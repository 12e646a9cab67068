using XVideo.Pipeline.Models;
using XVideo.DiT.Wan;
using XVideo.Pipeline.TextEncoding;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Safetensors;

namespace XVideo.RandomModel;

/// <summary>Writes a whole model folder beside its place and moves it there when it is complete.</summary>
internal static class RandomModelWriter
{
    // Configs, tokenizer, headers and indexes.
    private const long SmallFileBytes = 32L << 20;
    private const int PromptTokens = 512;

    /// <param name="options">What to write.</param>
    /// <param name="messages">Takes progress.</param>
    /// <param name="isTerminal">Whether progress may rewrite its line.</param>
    /// <param name="cancellation">Honoured within a few milliseconds; nothing is left behind.</param>
    /// <returns>Bytes of the weights.</returns>
    /// <exception cref="InvalidOptionsException">The sizes describe no network, or the tokenizer does not fit.</exception>
    /// <exception cref="NotEnoughSpaceException">The disk is too small.</exception>
    /// <exception cref="ModelFileException">A file cannot be written.</exception>
    public static long Write(RandomModelOptions options, TextWriter messages, bool isTerminal, CancellationToken cancellation)
    {
        var parent = Directory.CreateDirectory(Path.GetDirectoryName(options.OutputFolder)!).FullName;
        var partial = Path.Combine(parent, $".{Path.GetFileName(options.OutputFolder)}.{Guid.NewGuid():N}.partial");
        Directory.CreateDirectory(partial);
        try
        {
            WriteSmallFiles(options, partial);
            var parts = options.Parts.Select(name => ModelParts.Create(name, options.Sizes)).ToArray();
            var bytes = parts.Sum(part => part.ElementCount) * options.DType.SizeInBytes();
            var available = new DriveInfo(parent).AvailableFreeSpace;
            if (bytes + SmallFileBytes > available) throw new NotEnoughSpaceException(parent, bytes + SmallFileBytes, available);
            var progress = new WriteProgress(messages, isTerminal, bytes);
            foreach (var part in parts) WriteWeights(options, part, Path.Combine(partial, part.Name), progress, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (Directory.Exists(options.OutputFolder)) Directory.Delete(options.OutputFolder);
            Directory.Move(partial, options.OutputFolder);
            return bytes;
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    // The readers of the configs know what is legal, so they are asked before the networks are built.
    private static void WriteSmallFiles(RandomModelOptions options, string folder)
    {
        WanFolderFiles.WriteIndex(folder);
        if (options.TokenizerFolder is { } from) TokenizerFiles.CopyTokenizer(folder, from);
        else TokenizerFiles.WriteTokenizer(folder, PromptTokens);
        TokenizerFiles.CheckTokenizer(Path.Combine(folder, "tokenizer"), options.Sizes.TextEncoder.VocabularySize);
        foreach (var name in options.Parts)
        {
            var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, "config.json");
            File.WriteAllText(path, ModelParts.ConfigJson(name, options.Sizes) + "\n");
            try
            {
                _ = name switch
                {
                    "transformer" => (object)WanTransformerConfig.Read(path),
                    "vae" => WanVaeConfig.Load(path),
                    _ => Umt5Config.Read(path),
                };
            }
            catch (ModelFileException error)
            {
                throw new InvalidOptionsException([.. error.Problems.Select(problem => $"The sizes do not make a {name}: {problem}.")]);
            }
        }
    }

    private static void WriteWeights(RandomModelOptions options, ModelPart part, string folder, WriteProgress progress, CancellationToken cancellation)
    {
        var values = new RandomValues(options.Seed, options.DType);
        ShardedSafetensorsWriter.Write(
            folder,
            part.FileName,
            [.. part.Parameters.Select(parameter => (parameter.Name, options.DType, parameter.Shape))],
            (index, stream) => values.Write(part.Parameters[index].Name, part.Parameters[index].Shape, stream, cancellation, bytes => progress.Add(part.Name, bytes)),
            options.ShardSizeInBytes,
            new Dictionary<string, string> { ["format"] = "pt" });
    }
}
