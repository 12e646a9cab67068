using TorchSharp;
using XVideo.Scenes;
using XVideo.Torch.Weights;
using XVideo.Train.Models;
using XVideo.Train.Text;
using static TorchSharp.torch;

namespace XVideo.Train.Tests.Text;

public sealed class AttributeReaderTests
{
    [Fact]
    public void Forward_Padding_IsNotRead()
    {
        using var scope = NewDisposeScope();
        var reader = new AttributeReader(new Weights(new RandomWeights()));
        manual_seed(1);
        var tokens = randn([2, 5, DefaultModel.TextWidth]);
        var longer = cat([tokens, randn([2, 3, DefaultModel.TextWidth])], 1);
        var mask = ones([2, 5], ScalarType.Int64);

        var alone = reader.Forward(tokens, mask);
        var padded = reader.Forward(longer, cat([mask, zeros([2, 3], ScalarType.Int64)], 1));

        Assert.Equal([2, SceneLabels.Names.Count, SceneLabels.MostClasses], alone.shape);
        Assert.InRange((alone - padded).abs().max().ToDouble(), 0, 1e-3);   // of scores of some tens
    }

    [Fact]
    public void Loss_AttributesThatASceneLacks_DoNotCount()
    {
        using var scope = NewDisposeScope();
        var scores = zeros([1, 2, 4]);
        scores.narrow(1, 0, 1).narrow(2, 3, 1).fill_(20);   // sure of class 3 for the first, of nothing for the second

        Assert.Equal(0, AttributeReader.Loss(scores, tensor([3L, SceneLabels.None]).view(1, 2)).ToDouble(), 5);
        Assert.Equal(Math.Log(4) / 2, AttributeReader.Loss(scores, tensor([3L, 1L]).view(1, 2)).ToDouble(), 5);
    }

    [Fact]
    public void SceneLabels_EveryScene_LieWithinTheClassesAndTellMirroredScenesApart()
    {
        using var scope = NewDisposeScope();
        var scenes = Enumerable.Range(0, 300).Select(i => SceneGrammar.Sample(5, i, Split.Train)).ToList();

        var labels = SceneLabels.Of(scenes, CPU);

        Assert.InRange(labels.max().item<long>(), 1, SceneLabels.MostClasses - 1);
        Assert.Equal(SceneLabels.None, labels.min().item<long>());
        var motion = SceneLabels.Names.ToList().IndexOf("motion");
        foreach (var (scene, i) in scenes.Select((scene, i) => (scene, i)))
            Assert.Equal((long)scene.Attributes.Motion, labels.narrow(0, i, 1).narrow(1, motion, 1).item<long>());
    }

    private sealed class RandomWeights : IWeightSource
    {
        public Tensor Get(string name, long[] shape) => randn(shape);
    }
}
