using TorchSharp;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Train.Replicas;

/// <summary>
/// The processes that train one network together, one GPU each, on different clips: after averaging their gradients all take the same step.
/// A group of one does nothing.
/// </summary>
internal sealed unsafe class ReplicaGroup : IDisposable
{
    private static readonly TimeSpan MeetingTime = TimeSpan.FromMinutes(2);

    private readonly nint _communicator;

    private ReplicaGroup(int rank, int size, nint communicator) => (Rank, Size, _communicator) = (rank, size, communicator);

    public int Rank { get; }

    public int Size { get; }

    /// <summary>Whether this is the process that prints, samples and writes.</summary>
    public bool IsFirst => Rank == 0;

    public static ReplicaGroup Single { get; } = new(0, 1, 0);

    /// <summary>Meets the other processes; each sees its own GPU as device 0.</summary>
    /// <param name="membership">From <see cref="ReplicaProcesses"/>.</param>
    /// <exception cref="TimeoutException">The first process did not come.</exception>
    public static ReplicaGroup Join(Membership membership)
    {
        Nccl.GroupId id;
        if (membership.Rank == 0)
        {
            Nccl.Check(Nccl.GetUniqueId(out id), "ncclGetUniqueId");
            File.WriteAllBytes(membership.MeetingFile + ".part", new ReadOnlySpan<byte>(id.Bytes, Nccl.GroupId.Size).ToArray());
            File.Move(membership.MeetingFile + ".part", membership.MeetingFile);
        }
        else
        {
            if (!SpinWait.SpinUntil(() => File.Exists(membership.MeetingFile), MeetingTime))
                throw new TimeoutException($"Replica {membership.Rank} of {membership.Size} waited {MeetingTime.TotalSeconds:f0} s for the first one's {membership.MeetingFile}.");
            File.ReadAllBytes(membership.MeetingFile).CopyTo(new Span<byte>(id.Bytes, Nccl.GroupId.Size));
        }
        using (zeros([1], device: CUDA)) cuda.synchronize();   // makes this process's GPU current before NCCL asks for it
        Nccl.Check(Nccl.CommInitRank(out var communicator, membership.Size, id, membership.Rank), "ncclCommInitRank");
        return new ReplicaGroup(membership.Rank, membership.Size, communicator);
    }

    /// <summary>Replaces the values by their mean over all replicas; only queues work.</summary>
    /// <param name="values">float32, contiguous, on this process's GPU.</param>
    public void Average(Tensor values) => Reduce(values, Nccl.Reduction.Mean);

    /// <summary>The largest of the replicas' numbers, the same on all of them. Waits for the GPU, so ask seldom.</summary>
    public double Max(double value)
    {
        if (Size == 1) return value;
        using var shared = tensor([(float)value], device: CUDA);
        Reduce(shared, Nccl.Reduction.Max);
        return shared.ToDouble();
    }

    /// <summary>Makes sure at the end of a run that the replicas have stayed together.</summary>
    /// <param name="values">float32 parameters.</param>
    /// <param name="network">Whose, for the message.</param>
    /// <exception cref="InvalidOperationException">They are not the same on all replicas.</exception>
    public void CheckEqual(Tensor values, string network)
    {
        using var scope = NewDisposeScope();
        var norm = (double)(float)values.square().sum().ToDouble();
        var (largest, smallest) = (Max(norm), -Max(-norm));
        if (!(largest - smallest <= 1e-4 * largest))
            throw new InvalidOperationException($"The {network} of replica {Rank} has the squared norm {norm:g9}; over the {Size} replicas it goes from {smallest:g9} to {largest:g9}. They have drifted apart, so the result is not written.");
    }

    public void Dispose()
    {
        if (Size > 1) _ = Nccl.CommDestroy(_communicator);
    }

    private void Reduce(Tensor values, Nccl.Reduction reduction)
    {
        if (Size == 1) return;
        var address = DevicePointer.Of(values);
        Nccl.Check(Nccl.AllReduce(address, address, (nuint)values.numel(), Nccl.DataType.Float32, reduction, _communicator, DevicePointer.Stream(values.device)), "ncclAllReduce");
    }
}
