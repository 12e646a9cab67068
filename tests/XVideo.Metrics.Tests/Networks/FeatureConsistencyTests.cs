using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Dimensions;
using XVideo.Metrics.Networks.Transformers;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class FeatureConsistencyTests
{
    [Fact]
    public void Score_OfKnownVectors_IsTheMeanOfBothCosines()
    {
        using var scope = NewDisposeScope();
        using var consistency = new FeatureConsistency();
        Assert.Equal(double.NaN, consistency.Score);
        // Unit vectors at 0°, 60° and 150°, of different lengths: cosines ½, 0 to the one before and ½, −0.87 (counted as 0) to the first.
        consistency.Add(Rows((0, 1), (60, 5), (150, 0.1)));
        Assert.Equal((0.5 + 0) / 2, consistency.Score, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Score_OfFramesInPieces_IsThatOfTheWhole(int piece)
    {
        using var scope = NewDisposeScope();
        var features = tensor([.. FormulaWeights.Mix(9 * 6, 3).Select(x => (float)x + 0.3f)]).reshape(9, 6);
        using var whole = new FeatureConsistency();
        whole.Add(features);
        using var parts = new FeatureConsistency();
        for (var start = 0; start < 9; start += piece) parts.Add(features.narrow(0, start, Math.Min(piece, 9 - start)));
        Assert.Equal(9, parts.FrameCount);
        Assert.Equal(whole.Score, parts.Score, 1e-6);
        Assert.InRange(whole.Score, 0.1, 0.99);
    }

    [Fact]
    public void SubjectAndBackground_OfAStillClip_AreOne()
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var frames = NetworkData.ReferenceBytes("image").repeat(3, 1, 1, 1);
        using var subject = new SubjectConsistency(new DinoEncoder(new DinoConfig(24, 1, 3, 16, 14), weights.Root));
        using var background = new BackgroundConsistency(new ClipModel(SmallClip, weights.Root, withText: false));
        subject.Add(frames);
        background.Add(frames);
        Assert.Equal(1, subject.Score, 1e-6);
        Assert.Equal(1, background.Score, 1e-6);
    }

    [Fact]
    public void AppearanceStyle_OfFrames_IsTheMeanCosine()
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var clip = new ClipModel(SmallClip, weights.Root);
        var tokenizer = ClipTokenizer.LoadFolder(NetworkData.PathOf("clip_bpe"));
        double Score(params byte[] grays)
        {
            using var style = new AppearanceStyle(clip, tokenizer, "a red circle");
            foreach (var gray in grays) style.Add(Enumerable.Repeat(gray, 30 * 40 * 3).ToArray(), 30, 40);
            return style.Score;
        }
        var (dark, light) = (Score(10), Score(200));
        Assert.InRange(dark, -1, 1);
        Assert.NotEqual(dark, light, 1e-4);
        Assert.Equal((dark + light) / 2, Score(10, 200), 1e-6);
    }

    private static ClipConfig SmallClip { get; } = new()
    {
        FileName = "small.pt", Image = new(32, 1, 4, 128), Text = new(24, 1, 4, 96), PatchSize = 56, GridSize = 4, EmbeddingDim = 16, VocabularySize = 1500, ContextLength = 12, EndId = 1,
    };

    private static Tensor Rows(params (double Degrees, double Length)[] rows) => tensor(
        [.. rows.SelectMany(row => new[] { (float)(row.Length * Math.Cos(row.Degrees * Math.PI / 180)), (float)(row.Length * Math.Sin(row.Degrees * Math.PI / 180)) })]).reshape(rows.Length, 2);
}
