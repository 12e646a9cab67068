using XVideo.Cuda.Driver;
using XVideo.Cuda.Interop;
using XVideo.Cuda.Launch;
using XVideo.Cuda.Memory;
using XVideo.Cuda.Tests.FakeDriver;

namespace XVideo.Cuda.Tests.Driver;

[Collection(FakeDriverCollection.Name)]
public sealed class CudaDeviceTests : IDisposable
{
    private readonly FakeDriverLibrary _driver;

    public CudaDeviceTests(FakeDriverLibrary driver)
    {
        _driver = driver;
        _driver.Calls();
    }

    public void Dispose()
    {
        _driver.Fail("", 0);
        _driver.SetComputeCapability(9, 0);
    }

    [Fact]
    public void Open_Device_DescribesItAndHoldsItsPrimaryContextUntilDisposed()
    {
        using (var device = CudaDevice.Open(_driver.Api, 0))
        {
            Assert.Equal((0, "Fake GPU", new Version(9, 0), 132, 232448), (device.Ordinal, device.Name, device.ComputeCapability, device.MultiprocessorCount, device.MaxSharedBytesPerBlock));
            Assert.Equal(["cuDeviceGet 0", "cuDeviceGetName", "cuDevicePrimaryCtxRetain"], _driver.Calls());
            Assert.Equal(0, _driver.Depth);
        }
        Assert.Equal(["cuDevicePrimaryCtxRelease"], _driver.Calls());
    }

    [Fact]
    public void Open_NoSuchDevice_CarriesCodeNameTextAndCall()
    {
        var error = Assert.Throws<CudaException>(() => CudaDevice.Open(_driver.Api, 3));
        Assert.Equal((101, "CUDA_ERROR_INVALID_DEVICE", "cuDeviceGet"), (error.Code, error.CodeName, error.Call));
        Assert.Equal("cuDeviceGet failed for device 3: CUDA_ERROR_INVALID_DEVICE (101), invalid device ordinal.", error.Message);
    }

    [Fact]
    public void Open_ComputeBelow8_NamesDeviceGotAndNeeded()
    {
        _driver.SetComputeCapability(7, 5);
        var error = Assert.Throws<CudaException>(() => CudaDevice.Open(_driver.Api, 0));
        Assert.Contains("device 0 (Fake GPU, compute 7.5): they need compute 8.0 or newer", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cuDevicePrimaryCtxRetain", _driver.Calls());
    }

    [Fact]
    public void Open_StatusWithoutName_StillSaysTheNumber()
    {
        _driver.Fail("cuDevicePrimaryCtxRetain", 31337);
        var error = Assert.Throws<CudaException>(() => CudaDevice.Open(_driver.Api, 0));
        Assert.Equal("cuDevicePrimaryCtxRetain failed for device 0: unknown status (31337).", error.Message);
    }

    [Fact]
    public void Driver_NotOnThisMachine_NamesTheLibrary()
    {
        var error = Assert.Throws<CudaException>(() => new DriverApi("libabsent-driver.so.1"));
        Assert.Contains("libabsent-driver.so.1 is not on this machine", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Driver_LibraryWithoutTheFunctions_NamesTheMissingOne()
    {
        var error = Assert.Throws<CudaException>(() => new DriverApi("libc.so.6"));
        Assert.Contains("it has no cuGetErrorName", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryInfo_OfDevice_ReadsFreeAndTotalAndLeavesNoContextBehind()
    {
        using var device = CudaDevice.Open(_driver.Api, 0);
        Assert.Equal(new DeviceMemoryInfo(60L << 30, 80L << 30), DeviceMemoryInfo.Read(device));
        Assert.Equal(0, _driver.Depth);
    }

    [Fact]
    public void Device_Disposed_RefusesFurtherUse()
    {
        var device = CudaDevice.Open(_driver.Api, 0);
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => DeviceMemoryInfo.Read(device));
        Assert.Throws<ObjectDisposedException>(() => new CudaEvent(device));
        Assert.Throws<ObjectDisposedException>(device.MakeCurrent);
    }

    [Fact]
    public void MakeCurrent_OnAThread_SetsTheContextThere()
    {
        using var device = CudaDevice.Open(_driver.Api, 0);
        var depth = 0;
        var thread = new Thread(() =>
        {
            device.MakeCurrent();
            depth = _driver.Depth;
        });
        thread.Start();
        thread.Join();
        Assert.Equal(1, depth);
        Assert.Contains("cuCtxSetCurrent", _driver.Calls());
    }

    [Fact]
    public void Events_RecordedOnAStream_GiveTheTimeBetweenThem()
    {
        using var device = CudaDevice.Open(_driver.Api, 0);
        _driver.Calls();
        using (CudaEvent start = new(device), end = new(device))
        {
            start.Record(0x10);
            end.Record(0x20);
            end.Synchronize();
            Assert.Equal(1.0, end.MillisecondsSince(start));
        }
        Assert.Equal(["cuEventCreate 0", "cuEventCreate 0", "cuEventRecord 0x10", "cuEventRecord 0x20", "cuEventSynchronize", "cuEventElapsedTime", "cuEventDestroy", "cuEventDestroy"], _driver.Calls());
    }

    [Fact]
    public void Event_FailedKernelBeforeIt_ShowsUpInSynchronize()
    {
        using var device = CudaDevice.Open(_driver.Api, 0);
        using var mark = new CudaEvent(device);
        _driver.Fail("cuEventSynchronize", 700);
        var error = Assert.Throws<CudaException>(mark.Synchronize);
        Assert.Equal((700, "CUDA_ERROR_ILLEGAL_ADDRESS"), (error.Code, error.CodeName));
        Assert.Equal(0, _driver.Depth);
    }

    [Fact]
    public void Event_OutlivesItsDevice_ContextIsReleasedLast()
    {
        var device = CudaDevice.Open(_driver.Api, 0);
        var mark = new CudaEvent(device);
        _driver.Calls();
        device.Dispose();
        mark.Record(0);
        mark.Dispose();
        Assert.Equal(["cuEventRecord (nil)", "cuEventDestroy", "cuDevicePrimaryCtxRelease"], _driver.Calls());
    }
}
