using TorchSharp;
using XVideo.SparseAttention.Schedule;
using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>Writes down every call of a plan. How many blocks were kept stays on the device until the report asks, once.</summary>
internal sealed class AttentionLedger(AttentionSchedule schedule, IAttentionTimeline? timeline) : IDisposable
{
    /// <summary>Passes of one step: prompt and negative prompt.</summary>
    public const int Branches = 2;

    private readonly List<Call> _calls = [];
    private readonly List<long> _possible = [];
    private Tensor? _kept;

    /// <summary>Notes a moment; −1 where nothing measures.</summary>
    public int Mark() => timeline?.Mark() ?? -1;

    /// <summary>Adds up what a list keeps.</summary>
    /// <returns>Its slot, which every call that uses the list names.</returns>
    public int Count(BlockList blocks)
    {
        if (_kept is null)
        {
            _kept = zeros([(long)schedule.StepCount * schedule.LayerCount * Branches], ScalarType.Int64, blocks.Counts.device);
            _kept.DetachFromDisposeScope();
        }
        _kept.narrow(0, _possible.Count, 1).add_(blocks.Counts.sum());
        _possible.Add(blocks.Counts.numel() * blocks.Layout.KeyBlocks);
        return _possible.Count - 1;
    }

    /// <summary>A dense call, from the moment <paramref name="began"/> to now.</summary>
    public void AddDense(AttentionPlace place, string reason, int began) => _calls.Add(new Call(place.Pass.Step, place.Layer, reason, -1, began, began, Mark()));

    /// <summary>A sparse call; the blocks were known at the moment <paramref name="selected"/>.</summary>
    public void AddSparse(AttentionPlace place, int slot, int began, int selected) => _calls.Add(new Call(place.Pass.Step, place.Layer, null, slot, began, selected, Mark()));

    /// <summary>Everything so far, added up. Waits for the device.</summary>
    /// <param name="nameOfBackend">Of dense calls (true) and of sparse ones.</param>
    public Totals Add(Func<bool, string> nameOfBackend)
    {
        var densities = Densities();
        var measured = _calls.Select(call => (Call: call, Density: call.Slot < 0 ? 1 : densities[call.Slot])).ToArray();
        var entries = new List<AttentionReportEntry>();
        foreach (var step in measured.GroupBy(one => one.Call.Step).OrderBy(step => step.Key))
        {
            List<(Call Call, double Density)>? group = null;
            foreach (var layer in step.GroupBy(one => one.Call.Layer).OrderBy(layer => layer.Key))
            {
                var isNext = group is not null && group[^1].Call.Layer + 1 == layer.Key && group[^1].Call.DenseReason == layer.First().Call.DenseReason;
                if (group is not null && !isNext) entries.Add(Entry(group, nameOfBackend));
                if (!isNext) group = [];
                group!.AddRange(layer);
            }
            entries.Add(Entry(group!, nameOfBackend));
        }
        var sparse = measured.Where(one => one.Call.DenseReason is null).Select(one => one.Density).ToArray();
        return new Totals(
            measured.Length == 0 ? 1 : measured.Average(one => one.Density), sparse.Length == 0 ? null : sparse.Average(),
            Sum(_calls, call => (call.Began, call.Selected)), Sum(_calls, call => (call.Selected, call.Done)), entries);
    }

    public void Dispose()
    {
        _kept?.Dispose();
        timeline?.Dispose();
    }

    private AttentionReportEntry Entry(List<(Call Call, double Density)> group, Func<bool, string> nameOfBackend)
    {
        var calls = group.Select(one => one.Call).ToArray();
        var reason = calls[0].DenseReason;
        return new AttentionReportEntry(
            calls[0].Step, calls[0].Layer, calls[^1].Layer, nameOfBackend(reason is not null), group.Average(one => one.Density),
            Sum(calls, call => (call.Began, call.Selected)), Sum(calls, call => (call.Selected, call.Done)), reason);
    }

    private double[] Densities()
    {
        if (_kept is null) return [];
        using var host = _kept.cpu();
        var kept = host.data<long>().ToArray();
        return [.. _possible.Select((possible, slot) => kept[slot] / (double)possible)];
    }

    private TimeSpan? Sum(IReadOnlyList<Call> calls, Func<Call, (int From, int To)> part) => timeline is null
        ? null
        : calls.Select(part).Where(part => part.From != part.To).Aggregate(TimeSpan.Zero, (sum, part) => sum + timeline.Between(part.From, part.To));

    /// <summary>What the report is made of.</summary>
    public sealed record Totals(double Density, double? SparseDensity, TimeSpan? SelectionTime, TimeSpan? AttentionTime, IReadOnlyList<AttentionReportEntry> Entries);

    private readonly record struct Call(int Step, int Layer, string? DenseReason, int Slot, int Began, int Selected, int Done);
}
