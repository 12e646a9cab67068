using TorchSharp;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Train.Replicas;

/// <summary>
/// The processes that train one network together, one GPU each, on different clips: after averaging their gradients all take the same step.
/// Gradients meet in the machine's shared memory, which needs no library and works without a GPU too; for a network of a few million parameters that
/// takes milliseconds. A group of one does nothing.
/// </summary>
internal sealed unsafe class ReplicaGroup : IDisposable
{
    private readonly string _folder;
    private readonly SharedMemory? _numbers;
    private readonly Dictionary<long, SharedMemory> _vectors = [];

    private ReplicaGroup(int rank, int size, string folder)
    {
        (Rank, Size, _folder) = (rank, size, folder);
        if (size > 1) _numbers = new SharedMemory(Path.Combine(folder, "numbers"), rank, size, 0);
    }

    public int Rank { get; }

    public int Size { get; }

    /// <summary>Whether this is the process that prints, samples and writes.</summary>
    public bool IsFirst => Rank == 0;

    public static ReplicaGroup Single { get; } = new(0, 1, "");

    /// <summary>Joins the group that <see cref="ReplicaProcesses"/> started.</summary>
    public static ReplicaGroup Join(Membership membership) => new(membership.Rank, membership.Size, membership.Folder);

    /// <summary>Replaces the values by their mean over all replicas. Waits for the GPU and for the other replicas.</summary>
    /// <param name="values">[n] float32, contiguous.</param>
    public void Average(Tensor values)
    {
        if (Size == 1) return;
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var count = values.numel();
        if (!_vectors.TryGetValue(count, out var memory))
        {
            _vectors[count] = memory = new SharedMemory(Path.Combine(_folder, $"vector-{count}"), Rank, Size, count * sizeof(float));
            if (values.device_type == DeviceType.CUDA) memory.PinForGpu();
        }
        Tensor View(byte* at, long first, long length) => ForeignMemory.AsTensor(at + (first * sizeof(float)), [length], ScalarType.Float32);

        View(memory.Part(Rank), 0, count).copy_(values.view(count));
        memory.Meet();
        // Every replica adds up its share of the vector, always in the same order: the result is the same for all, to the bit.
        var (first, end) = (count * Rank / Size, count * (Rank + 1) / Size);
        var sum = View(memory.Result, first, end - first);
        sum.copy_(View(memory.Part(0), first, end - first));
        for (var rank = 1; rank < Size; rank++) sum.add_(View(memory.Part(rank), first, end - first));
        sum.mul_(1.0 / Size);
        memory.Meet();
        values.view(count).copy_(View(memory.Result, 0, count));
        if (values.device_type == DeviceType.CUDA) cuda.synchronize(values.device);
        memory.Meet();   // only now may anyone write the next one
    }

    /// <summary>The largest of the replicas' numbers, the same on all of them.</summary>
    public double Max(double value)
    {
        if (_numbers is null) return value;
        _numbers.Number(Rank) = value;
        _numbers.Meet();
        var largest = Enumerable.Range(0, Size).Max(rank => _numbers.Number(rank));
        _numbers.Meet();
        return largest;
    }

    /// <summary>Makes sure at the end of a run that the replicas have stayed together.</summary>
    /// <param name="values">float32 parameters.</param>
    /// <param name="network">Whose, for the message.</param>
    /// <exception cref="InvalidOperationException">They are not the same on all replicas.</exception>
    public void CheckEqual(Tensor values, string network)
    {
        using var scope = NewDisposeScope();
        var norm = values.square().sum().ToDouble();
        var (largest, smallest) = (Max(norm), -Max(-norm));
        if (!(largest - smallest <= 1e-4 * largest))
            throw new InvalidOperationException($"The {network} of replica {Rank} has the squared norm {norm:g9}; over the {Size} replicas it goes from {smallest:g9} to {largest:g9}. They have drifted apart, so the result is not written.");
    }

    public void Dispose()
    {
        _numbers?.Dispose();
        foreach (var memory in _vectors.Values) memory.Dispose();
    }
}
