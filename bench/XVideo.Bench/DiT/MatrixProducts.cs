using TorchSharp;
using XVideo.Bench.Measuring;
using XVideo.DiT.Wan;
using static TorchSharp.torch;

namespace XVideo.Bench.DiT;

/// <summary>The linear layers of all blocks of a Wan transformer, alone: what is left of a pass when attention, norms and the rest cost nothing.</summary>
internal sealed class MatrixProducts : IDisposable
{
    private readonly WanTransformerConfig _config;
    private readonly RandomWeights _weights;
    private readonly Tensor _tokens, _text, _hidden;

    /// <param name="config">Of the transformer.</param>
    /// <param name="weights">The ones that the network has, so that they come from memory as in a pass.</param>
    /// <param name="tokens">Video tokens S.</param>
    /// <param name="textTokens">Text tokens L.</param>
    /// <param name="dtype">Of the network.</param>
    /// <param name="device">Of the network.</param>
    public MatrixProducts(WanTransformerConfig config, RandomWeights weights, int tokens, int textTokens, ScalarType dtype, Device device)
    {
        (_config, _weights) = (config, weights);
        _tokens = randn([1, tokens, config.Width], dtype, device).DetachFromDisposeScope();
        _text = randn([1, textTokens, config.Width], dtype, device).DetachFromDisposeScope();
        _hidden = randn([1, tokens, config.FeedForwardDim], dtype, device).DetachFromDisposeScope();
        Work = new TimedWork(_ => Run());
    }

    /// <summary>All of them once.</summary>
    public TimedWork Work { get; }

    /// <summary>Operations of all of them.</summary>
    public double Operations => _config.LayerCount * Layer(0).Sum(product => 2.0 * product.Input.numel() * product.Outputs);

    public void Dispose()
    {
        _tokens.Dispose();
        _text.Dispose();
        _hidden.Dispose();
    }

    private void Run()
    {
        for (var layer = 0; layer < _config.LayerCount; layer++)
            foreach (var (name, input, outputs) in Layer(layer))
                nn.functional.linear(input, _weights.Get($"{name}.weight", [outputs, input.size(-1)]), _weights.Get($"{name}.bias", [outputs])).Dispose();
    }

    private IEnumerable<(string Name, Tensor Input, long Outputs)> Layer(int layer)
    {
        var block = $"blocks.{layer}";
        long width = _config.Width;
        foreach (var part in (string[])["to_q", "to_k", "to_v", "to_out.0"]) yield return ($"{block}.attn1.{part}", _tokens, width);
        foreach (var part in (string[])["to_q", "to_out.0"]) yield return ($"{block}.attn2.{part}", _tokens, width);
        foreach (var part in (string[])["to_k", "to_v"]) yield return ($"{block}.attn2.{part}", _text, width);
        yield return ($"{block}.ffn.net.0.proj", _tokens, _config.FeedForwardDim);
        yield return ($"{block}.ffn.net.2", _hidden, width);
    }
}
