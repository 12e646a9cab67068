using XVideo.Train.Models;

namespace XVideo.Train.Tests.Text;

public sealed class ParameterKindsTests
{
    [Theory]
    [InlineData("text_encoder.encoder.block.0.layer.0.SelfAttention.q.weight", false)]
    [InlineData("text_encoder.encoder.block.2.layer.0.SelfAttention.k.weight", false)]
    [InlineData("text_encoder.encoder.block.0.layer.0.SelfAttention.v.weight", true)]
    [InlineData("transformer.blocks.0.attn1.to_q.weight", true)]
    [InlineData("text_encoder.shared.weight", false)]
    public void IsHiddenMatrix_UnscaledQueriesAndKeys_AreNot(string name, bool isMatrix) => Assert.Equal(isMatrix, ParameterKinds.IsHiddenMatrix(name));
}
