using TorchSharp;
using XVideo.Bench.Measuring;
using static TorchSharp.torch;

namespace XVideo.Bench.Attention;

/// <summary>Queries, keys and values, [B, N, S, D] contiguous; several sets in turn where one would stay in the GPU's cache.</summary>
internal sealed class AttentionInputs : IDisposable
{
    /// <summary>Independent normal numbers: attention is nearly uniform.</summary>
    public const string Random = "random";

    /// <summary>Runs of neighbouring tokens around shared centres: attention looks at a few regions, as a trained model's does.</summary>
    public const string Clustered = "clustered";

    // The L2 cache of an H100.
    private const long CacheBytes = 50L << 20;
    private const int MostSets = 16;

    private const int Clusters = 16, RunsPerCluster = 8;

    // Same cluster: logits around 0.6² · √D, which is 4 for D = 128; different clusters: around 0.
    private const double CentreDeviation = 0.6;

    private readonly List<(Tensor Query, Tensor Key, Tensor Value)> _sets = [];

    /// <param name="shape">[B, N, S, D].</param>
    /// <param name="dtype">Of the numbers.</param>
    /// <param name="device">Where they go.</param>
    /// <param name="data"><see cref="Random"/> or <see cref="Clustered"/>.</param>
    public AttentionInputs(long[] shape, ScalarType dtype, BenchDevice device, string data)
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        var setBytes = 4 * shape.Aggregate(1L, (product, size) => product * size) * (dtype == ScalarType.Float32 ? 4 : 2);
        var count = device.IsGpu && setBytes < 2 * CacheBytes ? (int)Math.Clamp(1 + (2 * CacheBytes / setBytes), 2, MostSets) : 1;
        var centres = data == Clustered ? CentreOfEveryToken(shape, dtype, device.Device) : null;
        for (var i = 0; i < count; i++) _sets.Add((Numbers(centres), Numbers(centres), Numbers(null)));

        Tensor Numbers(Tensor? around)
        {
            var numbers = randn(shape, dtype, device.Device);
            return (around is null ? numbers : numbers.add_(around)).DetachFromDisposeScope();
        }
    }

    /// <summary>How many sets there are.</summary>
    public int Count => _sets.Count;

    /// <summary>The set of a round.</summary>
    public (Tensor Query, Tensor Key, Tensor Value) this[int round] => _sets[round % _sets.Count];

    public void Dispose()
    {
        foreach (var (query, key, value) in _sets)
        {
            query.Dispose();
            key.Dispose();
            value.Dispose();
        }
    }

    // [B, N, S, D]; runs of equal length, each of a cluster drawn at random, the same for queries and keys.
    private static Tensor CentreOfEveryToken(long[] shape, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var runLength = Math.Max(1, shape[2] / (Clusters * RunsPerCluster));
        var runs = (shape[2] + runLength - 1) / runLength;
        var clusterOfRun = randint(0, Clusters, [runs], ScalarType.Int64, device);
        var runOfToken = arange(shape[2], ScalarType.Int64, device).div(runLength, RoundingMode.floor);
        var centres = randn([shape[0], shape[1], Clusters, shape[3]], ScalarType.Float32, device) * CentreDeviation;
        return centres.to(dtype).index_select(2, clusterOfRun.index_select(0, runOfToken)).MoveToOuterDisposeScope();
    }
}
