using XVideo.Pipeline.Memory;

namespace XVideo.Service.Tests.Store;

public abstract partial class JobStoreContract
{
    [StoreFact]
    public async Task Workers_WithACapacity_AreListedWithIt()
    {
        var capacity = new DeviceCapacity("cuda:1", 85L << 30, 2, 4, 32);
        var worker = Examples.Worker("a") with { StartedAt = ManualTime.Start, LastSeenAt = ManualTime.Start };
        await Store.RegisterWorkerAsync(worker);
        Assert.Equal([worker], await Store.ListWorkersAsync());

        // Said again, with what is known only after the model is loaded.
        await Store.RegisterWorkerAsync(worker with { Capacity = capacity });
        Assert.Equal([worker with { Capacity = capacity }], await Store.ListWorkersAsync());
    }
}
