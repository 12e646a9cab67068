namespace XVideo.SparseAttention;

/// <summary>One run of the transformer within a request.</summary>
/// <param name="Step">Denoising step, from 0.</param>
/// <param name="Branch">0 for the prompt, 1 for the negative prompt: their masks and states are kept apart.</param>
public readonly record struct DenoisePass(int Step, int Branch);

/// <summary>Which of a request's attention calls this is.</summary>
/// <param name="Pass">The run of the transformer.</param>
/// <param name="Layer">Transformer block, from 0.</param>
/// <param name="Grid">Where the video tokens lie; the first <see cref="TokenGrid.Tokens"/> tokens of the sequence, text tokens follow.</param>
public readonly record struct AttentionPlace(DenoisePass Pass, int Layer, TokenGrid Grid);
