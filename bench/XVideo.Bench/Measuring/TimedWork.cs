namespace XVideo.Bench.Measuring;

/// <summary>Something that is measured several times.</summary>
/// <param name="run">Does it once, or queues it on a GPU; gets the number of the round.</param>
internal sealed class TimedWork(Action<int> run)
{
    private readonly List<double> _times = [];

    /// <summary>Middle of the measured times, ms.</summary>
    public double MedianMs => _times.Order().ElementAt(_times.Count / 2);

    /// <summary>Least of the measured times, ms.</summary>
    public double LeastMs => _times.Min();

    /// <summary>Does everything in turn, round after round, so that a clock that falls under load falls for all of them.</summary>
    /// <param name="device">Whose time it is.</param>
    /// <param name="works">At least one.</param>
    /// <param name="warmUps">Rounds that do not count.</param>
    /// <param name="runs">Rounds that count.</param>
    public static void Measure(BenchDevice device, IReadOnlyList<TimedWork> works, int warmUps, int runs)
    {
        for (var round = -warmUps; round < runs; round++)
        {
            using var timeline = device.Timeline();
            // Not measured: while it runs, the host gets ahead, and no measured call waits for its launch.
            if (device.IsGpu) works[0].Run(round);
            var marks = works.Select(work =>
            {
                var from = timeline.Mark();
                work.Run(round);
                return (From: from, To: timeline.Mark());
            }).ToArray();
            for (var i = 0; i < works.Count; i++)
            {
                var elapsed = timeline.Between(marks[i].From, marks[i].To).TotalMilliseconds;
                if (round >= 0) works[i]._times.Add(elapsed);
            }
        }
    }

    /// <summary>Does everything once, without measuring.</summary>
    public static void Once(IEnumerable<TimedWork> works)
    {
        foreach (var work in works) work.Run(0);
    }

    private void Run(int round) => run(Math.Max(round, 0));
}
