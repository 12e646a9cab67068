using TorchSharp;
using XVideo.Torch.Weights;
using XVideo.Train.Models;
using static TorchSharp.torch;

namespace XVideo.Train.Text;

/// <summary>
/// Names a scene's attributes from the tokens of its caption, as the transformer's cross-attention would have to find them: each attribute attends to the
/// tokens with a query of its own and reads a linear layer. It exists while the text encoder is trained and is thrown away.
/// </summary>
internal sealed class AttributeReader(Weights weights)
{
    private readonly Tensor _queries = weights.Get("queries", SceneLabels.Names.Count, DefaultModel.TextWidth);
    private readonly Tensor _classes = weights.Get("classes", SceneLabels.Names.Count * SceneLabels.MostClasses, DefaultModel.TextWidth);

    /// <summary>Scores of the classes of every attribute.</summary>
    /// <param name="tokens">[B, L, E].</param>
    /// <param name="mask">[B, L]: 1 for a token, 0 for padding.</param>
    /// <returns>[B, attributes, most classes] float32.</returns>
    public Tensor Forward(Tensor tokens, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var (attributes, most) = (SceneLabels.Names.Count, SceneLabels.MostClasses);
        var scores = nn.functional.linear(tokens, _queries).transpose(1, 2).to(ScalarType.Float32).masked_fill(mask.eq(0).unsqueeze(1), -1e9);   // [B, A, L]
        var seen = scores.softmax(-1).to(tokens.dtype).matmul(tokens);                                                                          // [B, A, E]
        // Every attribute has its own classes: a batched product over attributes.
        var read = seen.transpose(0, 1).matmul(_classes.view(attributes, most, -1).transpose(1, 2));                                            // [A, B, classes]
        return read.transpose(0, 1).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Mean negative log likelihood of the attributes that there are.</summary>
    public static Tensor Loss(Tensor scores, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var has = labels.ge(0).to(ScalarType.Float32);
        var likelihood = scores.softmax(-1).gather(-1, labels.clamp(min: 0).unsqueeze(-1)).squeeze(-1).clamp(min: 1e-9).log();
        return (-(likelihood * has).sum() / has.sum()).MoveToOuterDisposeScope();
    }
}
