using TorchSharp;
using XVideo.DiT.Wan;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Schedulers;
using XVideo.Pipeline.TextEncoding;
using XVideo.Pipeline.Vae;
using XVideo.Tokenizers;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Models;

/// <summary>The parts of one Wan 2.1 model folder, each opened when it is first needed.</summary>
internal sealed class WanModel : IDisposable
{
    private readonly string _folder;
    private readonly Lazy<(Umt5Encoder Network, SafetensorsWeights Source)> _textEncoder;
    private readonly Lazy<(WanTransformer Network, SafetensorsWeights Source)> _transformer;
    private readonly Lazy<(WanVae Network, SafetensorsWeights Source)> _vae;

    /// <summary>Reads the configs and the tokenizer; the weights wait.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="device">Where the networks run.</param>
    /// <param name="dtype">Type of transformer and text encoder.</param>
    /// <param name="vaeType">Type of the autoencoder.</param>
    public WanModel(string folder, Device device, ScalarType dtype, ScalarType vaeType)
    {
        _folder = folder;
        TransformerConfig = WanTransformerConfig.Read(Part("transformer", "config.json"));
        VaeConfig = WanVaeConfig.Load(Part("vae", "config.json"));
        TextConfig = Umt5Config.Read(Part("text_encoder", "config.json"));
        Scheduler = SchedulerConfig.Load(Part("scheduler"));
        Tokenizer = Tokenizer.Load(Part("tokenizer"));
        CheckTogether();
        _textEncoder = new(() => Umt5Encoder.Load(Part("text_encoder"), dtype, device));
        _transformer = new(() => SafetensorsWeights.Load(
            Part("transformer"), dtype, device, WanTransformer.KeepInFloat32, weights => new WanTransformer(TransformerConfig, weights)));
        _vae = new(() => SafetensorsWeights.Load(Part("vae"), vaeType, device, [], weights => new WanVae(VaeConfig, weights)));
    }

    public WanTransformerConfig TransformerConfig { get; }

    public WanVaeConfig VaeConfig { get; }

    public Umt5Config TextConfig { get; }

    public SchedulerConfig Scheduler { get; }

    public Tokenizer Tokenizer { get; }

    public Umt5Encoder TextEncoder => _textEncoder.Value.Network;

    public WanTransformer Transformer => _transformer.Value.Network;

    public WanVae Vae => _vae.Value.Network;

    /// <summary>The type that the autoencoder's weights are in.</summary>
    public ScalarType VaeType => _vae.Value.Source.FloatType;

    /// <summary>Opens all three networks.</summary>
    public void LoadWeights() => _ = (TextEncoder, Transformer, Vae);

    public void Dispose()
    {
        if (_transformer.IsValueCreated) _transformer.Value.Network.Dispose();
        if (_textEncoder.IsValueCreated) _textEncoder.Value.Source.Dispose();
        if (_transformer.IsValueCreated) _transformer.Value.Source.Dispose();
        if (_vae.IsValueCreated) _vae.Value.Source.Dispose();
    }

    private string Part(params string[] names) => Path.Combine([_folder, .. names]);

    // Parts of different models can each be sound and still not fit together.
    private void CheckTogether()
    {
        List<string> problems = [];
        if (VaeConfig.ZDim != TransformerConfig.InChannels || VaeConfig.ZDim != TransformerConfig.OutChannels)
            problems.Add($"the transformer works on {TransformerConfig.InChannels} latent channels and gives {TransformerConfig.OutChannels}, the VAE has {VaeConfig.ZDim}");
        if (TextConfig.Width != TransformerConfig.TextDim)
            problems.Add($"the transformer takes text of width {TransformerConfig.TextDim}, the text encoder gives {TextConfig.Width}");
        if (Tokenizer.VocabularySize > TextConfig.VocabularySize)
            problems.Add($"the tokenizer has {Tokenizer.VocabularySize} tokens, the text encoder only {TextConfig.VocabularySize}");
        if (problems.Count > 0) throw new Torch.Safetensors.ModelFileException(_folder, problems);
    }
}
