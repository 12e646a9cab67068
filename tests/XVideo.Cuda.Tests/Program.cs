using XVideo.Cuda.Nvrtc;
using XVideo.Cuda.Tests.Nvrtc;

// One of several processes that want the same kernel at once: "FOLDER START SALT". Waits until the file START is there, then prints the image it got.
// Each process's compiler makes another image (it ends with the salt), so that the test sees whose was kept.
var (folder, start, salt) = (args[0], args[1], args[2]);
Console.Out.WriteLine("ready");
while (!File.Exists(start)) Thread.Sleep(1);
var cache = new KernelCache(new StubCompiler { Salt = salt }, new KernelCacheFolder(folder), static _ => { });
foreach (var size in Enumerable.Range(0, 20))
{
    var image = cache.Get(StubCompiler.Source(("SIZE", $"{size}")), new Version(9, 0));
    Console.Out.WriteLine(Convert.ToHexString(image.Bytes.Span));
}
