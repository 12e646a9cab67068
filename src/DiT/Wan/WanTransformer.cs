using TorchSharp;
using XVideo.DiT.Common;
using XVideo.SparseAttention;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.DiT.Wan;

/// <summary>
/// The Wan 2.1 text-to-video transformer: predicts the flow velocity of a noisy latent video, given the time and the text.
/// Source: Wan team 2025 (arXiv 2503.20314) and the published configs; parameter names are those of the diffusers layout.
/// </summary>
public sealed class WanTransformer : IDisposable
{
    /// <summary>Parameters that stay in float32 whatever the model's type: everything that the time passes through.</summary>
    public static readonly IReadOnlyList<string> KeepInFloat32 = ["time_embedder", "scale_shift_table", "norm2"];

    private const int MostTables = 4;   // a trainer goes through a few sizes again and again

    private readonly WanTransformerConfig _config;
    private readonly Tensor _patchWeight, _patchBias, _outputModulation;
    private readonly Mlp _timeEmbedder, _textEmbedder;
    private readonly Linear _timeProjection, _output;
    private readonly WanBlock[] _blocks;
    private readonly List<(TokenGrid Grid, RotaryEmbedding Table)> _rotary = [];

    /// <summary>Builds the network on its parameters, in the order of the data flow.</summary>
    public WanTransformer(WanTransformerConfig config, Weights weights)
    {
        _config = config;
        var width = config.Width;
        int[] patch = config.PatchSize;
        _patchWeight = weights["patch_embedding"].Get("weight", width, config.InChannels, patch[0], patch[1], patch[2]);
        _patchBias = weights["patch_embedding"].Get("bias", width);
        var condition = weights["condition_embedder"];
        _timeEmbedder = new Mlp(condition["time_embedder"], config.FrequencyDim, width, Activations.Silu);
        _timeProjection = new Linear(condition["time_proj"], width, 6 * width);
        _textEmbedder = new Mlp(condition["text_embedder"], config.TextDim, width, Activations.GeluTanh);
        _blocks = [.. Enumerable.Range(0, config.LayerCount).Select(layer => new WanBlock(config, weights["blocks"][layer]))];
        _outputModulation = weights.Get("scale_shift_table", 1, 2, width);
        _output = new Linear(weights["proj_out"], width, config.OutChannels * patch[0] * patch[1] * patch[2]);
    }

    /// <summary>Predicts the velocity.</summary>
    /// <param name="latents">[B, C, T, H, W]; T, H, W multiples of the patch size.</param>
    /// <param name="timesteps">[B] in 0…1000, float32.</param>
    /// <param name="text">[B, L, text width] from the text encoder.</param>
    /// <param name="attention">Computes self-attention.</param>
    /// <param name="pass">Which run of a request this is; counts only for attention that differs from step to step.</param>
    /// <param name="cancellation">Honoured between blocks.</param>
    /// <param name="observe">Called with the name and value of each intermediate result, for tests; null means none.</param>
    /// <returns>[B, C, T, H, W] in the type of the weights.</returns>
    public Tensor Forward(
        Tensor latents, Tensor timesteps, Tensor text, IAttention attention, DenoisePass pass = default, CancellationToken cancellation = default,
        Action<string, Tensor>? observe = null)
    {
        using var scope = NewDisposeScope();

        // 1. Latents to tokens
        var patches = nn.functional.conv3d(latents.to(_patchWeight.dtype), _patchWeight, _patchBias, PatchStrides);
        observe?.Invoke("patch_embedding", patches);
        var grid = new TokenGrid((int)patches.size(2), (int)patches.size(3), (int)patches.size(4));
        var x = patches.flatten(2).transpose(1, 2).contiguous();   // [B, S, E]

        // 2. Time and text
        var time = _timeEmbedder.Forward(TimestepEmbedding.Compute(timesteps, _config.FrequencyDim));   // [B, E]
        observe?.Invoke("temb", time);
        var timeProjection = _timeProjection.Forward(time.silu());
        observe?.Invoke("timestep_proj", timeProjection);
        var blockTime = timeProjection.to(ScalarType.Float32).unflatten(-1, 6, _config.Width);          // [B, 6, E]
        var context = _textEmbedder.Forward(text);                                                      // [B, L, E]
        observe?.Invoke("text_proj", context);

        // 3. Blocks
        var rotary = Rotary(grid, latents.device);
        for (var layer = 0; layer < _blocks.Length; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = _blocks[layer].Forward(x, context, blockTime, rotary, attention, new AttentionPlace(pass, layer, grid));
            if (!is_grad_enabled()) x.Dispose();
            x = next;
            observe?.Invoke($"block{layer}_out", x);
        }

        // 4. Tokens to latents
        var modulation = (_outputModulation.to(ScalarType.Float32) + time.to(ScalarType.Float32).unsqueeze(1)).chunk(2, 1);
        var modulated = Modulation.NormScaleShift(x, modulation[1], modulation[0], _config.Epsilon);
        return Unpatchify(_output.Forward(modulated), grid).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the position tables. The parameters belong to their source.</summary>
    public void Dispose()
    {
        foreach (var (_, table) in _rotary) table.Dispose();
        _rotary.Clear();
    }

    private long[] PatchStrides => [.. _config.PatchSize.Select(size => (long)size)];

    // [B, S, pt·ph·pw·C] to [B, C, T, H, W]
    private Tensor Unpatchify(Tensor x, TokenGrid grid)
    {
        var patch = _config.PatchSize;
        return x.reshape(x.size(0), grid.Frames, grid.Rows, grid.Columns, patch[0], patch[1], patch[2], _config.OutChannels)
            .permute(0, 7, 1, 4, 2, 5, 3, 6)
            .reshape(x.size(0), _config.OutChannels, grid.Frames * patch[0], grid.Rows * patch[1], grid.Columns * patch[2]);
    }

    // The table depends on the grid alone, so one forward computes it for all that follow.
    private RotaryEmbedding Rotary(TokenGrid grid, Device device)
    {
        foreach (var known in _rotary)
            if (known.Grid == grid && known.Table.Cos.device.ToString() == device.ToString()) return known.Table;
        if (_rotary.Count == MostTables)
        {
            _rotary[0].Table.Dispose();
            _rotary.RemoveAt(0);
        }
        var table = RotaryEmbedding.Create(_config.HeadDim, grid.Frames, grid.Rows, grid.Columns, device);
        table.Cos.DetachFromDisposeScope();
        table.Sin.DetachFromDisposeScope();
        _rotary.Add((grid, table));
        return table;
    }
}
