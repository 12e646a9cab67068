using TorchSharp;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train.Tests;

public sealed class ReplicaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-replicas-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Average_OfSeveralReplicas_IsTheSameMeanOnAllToTheBit(int size)
    {
        const int count = 1001;   // not a multiple of the replicas
        var results = Run(size, group =>
        {
            var averaged = new List<float[]>();
            for (var round = 0; round < 5; round++)
            {
                using var values = full([count], (group.Rank + 1) * 0.1f * (round + 1), ScalarType.Float32);
                group.Average(values);
                averaged.Add(values.data<float>().ToArray());
            }
            return averaged;
        });

        for (var round = 0; round < 5; round++)
        {
            Assert.All(results, result => Assert.Equal(results[0][round], result[round]));
            Assert.All(results[0][round], value => Assert.Equal(0.1 * (round + 1) * (size + 1) / 2, value, 1e-5));
        }
    }

    [Fact]
    public void Max_OfDifferentNumbers_IsTheLargestForAll() =>
        Assert.All(Run(3, group => Enumerable.Range(0, 100).Select(round => group.Max(group.Rank == round % 3 ? round : -1)).ToArray()),
            seen => Assert.Equal(Enumerable.Range(0, 100).Select(round => (double)round), seen));

    [Fact]
    public void CheckEqual_DriftedReplicas_IsAnError()
    {
        var errors = Run(2, group =>
        {
            using var values = full([10], 1 + (0.01f * group.Rank), ScalarType.Float32);
            return Assert.Throws<InvalidOperationException>(() => group.CheckEqual(values, "network")).Message;
        });

        Assert.All(errors, error => Assert.Contains("drifted apart", error));
    }

    private T[] Run<T>(int size, Func<ReplicaGroup, T> work)
    {
        var results = new T[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            using var group = ReplicaGroup.Join(new Membership(rank, size, _folder));
            results[rank] = work(group);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return results;
    }
}
