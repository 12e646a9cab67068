using TorchSharp;
using XVideo.Pipeline.TextEncoding;
using XVideo.Tokenizers;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Stages;

/// <summary>A prompt to the text tokens that the transformer sees.</summary>
internal static class TextStage
{
    /// <summary>Tokenizes, encodes and pads.</summary>
    /// <param name="prompt">Any text, also empty.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="encoder">The model's.</param>
    /// <param name="length">Text tokens L that the transformer was trained with; longer prompts lose their end.</param>
    /// <param name="device">Where the encoder is.</param>
    /// <returns>[1, L, text width] in the encoder's type. Padding is zero: Wan's cross-attention has no mask and was trained on that.</returns>
    public static Tensor Encode(string prompt, Tokenizer tokenizer, Umt5Encoder encoder, int length, Device device)
    {
        using var scope = NewDisposeScope();
        var ids = tokenizer.Encode(prompt);
        if (ids.Length > length) ids = [.. ids[..(length - 1)], tokenizer.EosId];
        // Tokens do not see padding, so only the tokens need to be encoded.
        var tokens = tensor([.. ids.Select(id => (long)id)], device: device).unsqueeze(0);
        var encoded = encoder.Forward(tokens, ones_like(tokens));
        return nn.functional.pad(encoded, [0, 0, 0, length - ids.Length]).MoveToOuterDisposeScope();
    }
}
