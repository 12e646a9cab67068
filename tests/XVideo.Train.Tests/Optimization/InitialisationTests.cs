using System.Text.Json;
using TorchSharp;
using XVideo.Pipeline.TextEncoding;
using XVideo.Torch.Weights;
using XVideo.Train.Models;
using XVideo.Train.Optimization;
using static TorchSharp.torch;

namespace XVideo.Train.Tests.Optimization;

public sealed class InitialisationTests
{
    private static readonly long[] FromGreenToYellow = [2, 3, 4, 5], FromYellowToGreen = [2, 5, 4, 3];

    [Fact]
    public void Transformer_TextEncoder_TellsTheOrderOfWordsBeforeAnyTraining()
    {
        var initialisation = new Initialisation(1);
        Assert.True(OrderShare(initialisation.Transformer) > 0.3);
        // Biases near zero, as published recipes begin, leave a bag of words.
        Assert.True(OrderShare((name, shape) => name.Contains("relative_attention_bias") ? new float[shape.TotalSize()] : initialisation.Transformer(name, shape)) < 0.01);
    }

    // How far "green" moves when it changes places with "yellow", against its length.
    private static double OrderShare(Func<string, long[], float[]> initialise)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var config = JsonSerializer.Deserialize<Umt5Config>(JsonSerializer.Serialize(DefaultModel.TextEncoder(8)))!;
        using var parameters = FlatParameters.Create(weights => _ = new Umt5Encoder(config, weights), initialise, _ => false, _ => false, ScalarType.Float32, CPU);
        var encoder = new Umt5Encoder(config, new Weights(parameters.Network));
        var first = Encode(encoder, FromGreenToYellow).select(0, 0).select(0, 1);
        var second = Encode(encoder, FromYellowToGreen).select(0, 0).select(0, 3);
        return Math.Sqrt(((first - second).square().sum() / first.square().sum()).item<float>());
    }

    private static Tensor Encode(Umt5Encoder encoder, long[] words) =>
        encoder.Forward(tensor(words).view(1, -1), ones([1, words.Length], ScalarType.Int64)).to(ScalarType.Float32);
}
