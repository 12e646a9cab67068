using XVideo.Metrics.Networks.Dimensions;
using XVideo.Metrics.Networks.Umt;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class HumanActionTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("xvideo-actions-").FullName, "kinetics_400_categories.txt");

    [Fact]
    public void Measure_OfAClip_NamesTheFiveLikeliestThatAreSure()
    {
        using var scope = NewDisposeScope();
        // A head of zeros but for its bias: likelihoods are the bias's own.
        using var weights = new BiasOnly([Logit(0.8499), Logit(0.9), Logit(0.84996), Logit(0.99), Logit(0.86), Logit(0.95), Logit(0.87), 0]);
        using var umt = new UmtModel(new UmtConfig(32, 1, 4, 8), new Weights(weights));
        File.WriteAllLines(_path, ["Riding A Bike\t1", "zero\t0", "two\t2", "three\t3", "four\t4", "five\t5", "six\t6", "seven\t7"]);
        using var action = new HumanAction(umt, ActionLabels.Load(_path), 20);
        action.Add(zeros([18, 3, 64, 80], uint8));
        Assert.Contains("18 came, frame 18 is needed", Assert.Throws<InvalidOperationException>(() => action.Measure()).Message);
        action.Add(zeros([2, 3, 64, 80], uint8));
        Assert.Equal(["three", "five", "riding a bike", "six", "four"], action.Measure());
    }

    [Theory]
    [InlineData(0.84996, true)]    // 0.8500 after rounding
    [InlineData(0.84994, false)]
    public void Measure_AtTheThreshold_RoundsFirst(double likelihood, bool isSure)
    {
        using var scope = NewDisposeScope();
        using var weights = new BiasOnly([Logit(likelihood), 0, 0, 0, 0]);
        using var umt = new UmtModel(new UmtConfig(32, 1, 4, 5), new Weights(weights));
        File.WriteAllLines(_path, ["a\t0", "b\t1", "c\t2", "d\t3", "e\t4"]);
        using var action = new HumanAction(umt, ActionLabels.Load(_path), 1);
        action.Add(zeros([1, 3, 256, 300], uint8));
        Assert.Equal(isSure, action.Measure().Contains("a"));
    }

    [Theory]
    [InlineData("A person is riding a bike-3.mp4", "riding a bike")]
    [InlineData("a person is Marching", "marching")]
    [InlineData("A person is tai chi_take2", "tai chi")]
    public void ActionOf_APromptOrName_IsWhatThePersonDoes(string prompt, string expected) => Assert.Equal(expected, HumanAction.ActionOf(prompt));

    [Theory]
    [InlineData("a\t0|b\t2", "'b\t2'")]
    [InlineData("a\t0|b\t0", "'b\t0'")]
    [InlineData("a 0", "'a 0'")]
    public void Load_OfAWrongList_QuotesTheLine(string lines, string expected)
    {
        File.WriteAllLines(_path, lines.Split('|'));
        Assert.Contains(expected, Assert.Throws<ModelFileException>(() => ActionLabels.Load(_path)).Message);
        Assert.Contains("cannot be read", Assert.Throws<ModelFileException>(() => ActionLabels.Load(_path + ".none")).Message);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    private static float Logit(double likelihood) => (float)Math.Log(likelihood / (1 - likelihood));

    private sealed class BiasOnly(float[] bias) : IWeightSource, IDisposable
    {
        private readonly Dictionary<string, Tensor> _made = [];

        public Tensor Get(string name, long[] shape) => _made.TryGetValue(name, out var known) ? known
            : _made[name] = (name == "head.bias" ? tensor(bias) : zeros(shape)).DetachFromDisposeScope();

        public void Dispose()
        {
            foreach (var tensor in _made.Values) tensor.Dispose();
        }
    }
}
