using XVideo.DiT.Wan;

namespace XVideo.Train.Models;

/// <summary>How the parameters of text encoder and transformer are trained, by their names ("transformer.blocks.0…", "text_encoder.encoder.block.0…").</summary>
internal static class ParameterKinds
{
    private static readonly string[] KeptInFloat32 = [.. WanTransformer.KeepInFloat32, "layer_norm", "relative_attention_bias"];

    /// <summary>The name inside the component's own file: <c>transformer.blocks.0…</c> is <c>blocks.0…</c> in the folder <c>transformer/</c>.</summary>
    public static string InComponent(string name) => name[(name.IndexOf('.') + 1)..];

    /// <summary>Whether the parameter is not cast to the networks' type.</summary>
    public static bool StaysWide(string name) => KeptInFloat32.Any(name.Contains);

    /// <summary>
    /// Whether the parameter is trained as a matrix between hidden layers. The text encoder's queries and keys are not: UMT5 does not scale its scores, and
    /// updates of a fixed size made the scores so large that every token looked at one other, whatever the order of the words, and no gradient could mend it.
    /// </summary>
    public static bool IsHiddenMatrix(string name) =>
        name.StartsWith("transformer.blocks.", StringComparison.Ordinal) ||
        (name.StartsWith("text_encoder.encoder.block.", StringComparison.Ordinal) && !name.Contains("SelfAttention.q.") && !name.Contains("SelfAttention.k."));
}
