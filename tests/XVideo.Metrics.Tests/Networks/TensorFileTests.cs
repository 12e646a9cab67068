using TorchSharp;
using XVideo.Metrics.Networks;
using XVideo.Metrics.Networks.Files;
using XVideo.Metrics.Networks.Perceptual;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

/// <summary>zip.pth, legacy.pth, nested.pth and script.pt were written by torch 1.13.1 (<c>make_reference.py</c>).</summary>
public sealed class TensorFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-files-").FullName;

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    [InlineData("nested.pth")]
    [InlineData("script.pt")]
    public void Open_OfWhatTorchSaved_GivesNamesAndValues(string name)
    {
        using var file = TensorFile.Open(NetworkData.PathOf(name));
        Assert.Equal(["a.transposed", "a.weight", "b.bias", "steps"], file.Shapes.Keys.Order());
        Assert.Equal([2, 3], file.Shapes["a.weight"]);
        Assert.Equal([3, 2], file.Shapes["a.transposed"]);
        Assert.Equal([0, 0.25f, 0.5f, 0.75f, 1, 1.25f], Values(file, "a.weight"));
        Assert.Equal([1.5f, 2.25f, 1.75f, 2.5f, 2, 2.75f], Values(file, "a.transposed"));
        Assert.Equal([0.5f, -2, 65504], Values(file, "b.bias"));   // stored as float16
        Assert.Contains("steps is a LongStorage", Assert.Throws<ModelFileException>(() => file.Read("steps")).Message);
    }

    [Fact]
    public void Open_OfAFileThatAsksForASystemCall_RunsNothingAndReadsTheTensors()
    {
        const string trace = "/tmp/xvideo-pickle-was-run";
        File.Delete(trace);
        using var file = TensorFile.Open(NetworkData.PathOf("hostile.pth"));
        Assert.Equal([0.5f, -2, 65504], Values(file, "b.bias"));
        Assert.False(File.Exists(trace));
    }

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    [InlineData("script.pt")]
    public void Open_OfAFileCutAnywhere_NeverFailsWithAnotherError(string name)
    {
        var whole = File.ReadAllBytes(NetworkData.PathOf(name));
        var path = Path.Combine(_folder, name);
        for (var length = 0; length < whole.Length; length += 3)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.StartsWith(path, Assert.Throws<ModelFileException>(() => ReadAll(path)).Message);
        }
    }

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    [InlineData("script.pt")]
    public void Open_OfAFileWithAWrongByte_NeverFailsWithAnotherError(string name)
    {
        var whole = File.ReadAllBytes(NetworkData.PathOf(name));
        var path = Path.Combine(_folder, name);
        for (var position = 0; position < whole.Length; position++)
        {
            var damaged = whole.ToArray();
            damaged[position] ^= 0x55;
            File.WriteAllBytes(path, damaged);
            // Damage among the numbers themselves goes unnoticed.
            if (Record.Exception(() => ReadAll(path)) is { } error) Assert.IsType<ModelFileException>(error);
        }
    }

    [Theory]
    [InlineData("", "no file of tensors")]
    [InlineData("<!DOCTYPE html><html>", "its first bytes are 3C21444F43")]
    [InlineData("PK\u0003\u0004 and nothing more", "cannot be read")]
    public void Open_OfAnotherFile_SaysWhatIsAllowed(string content, string expected)
    {
        var path = Path.Combine(_folder, "file.pth");
        File.WriteAllText(path, content);
        var message = Assert.Throws<ModelFileException>(() => TensorFile.Open(path)).Message;
        Assert.Contains(expected, message);
        Assert.Contains("safetensors", message);
    }

    [Fact]
    public void Open_OfNoFile_SaysSo()
    {
        Assert.Contains("does not exist", Assert.Throws<ModelFileException>(() => TensorFile.Open(Path.Combine(_folder, "none.pth"))).Message);
        Assert.Contains("a folder", Assert.Throws<ModelFileException>(() => TensorFile.Open(_folder)).Message);
    }

    [Fact]
    public void Load_OfAnotherNetworksFile_NamesWhatItMustHoldAndWhatItHolds()
    {
        var path = Write("other.safetensors", ("weight", [1, 512]), ("extra", [3]));
        var error = Assert.Throws<ModelFileException>(() => AestheticHead.Load(path, CPU));
        Assert.StartsWith(path, error.Message);
        Assert.Contains("must hold LAION's linear aesthetic head", error.Problems[0]);
        Assert.Contains("sa_0_4_vit_l_14_linear.pth", error.Problems[0]);
        Assert.Contains("it holds 2 tensors", error.Problems[0]);
        Assert.Equal(["mis-shaped: weight has [1, 512], the network needs [1, 768]", "missing: bias [1]", "unexpected: extra"], error.Problems.Skip(1));
    }

    [Fact]
    public void Lpips_FromFiles_TakesTheTrunkAndLeavesTheClassifier()
    {
        using var recorder = new XVideo.Torch.Weights.ShapeRecorder();
        using var headRecorder = new XVideo.Torch.Weights.ShapeRecorder();
        var options = new LpipsOptions { Trunk = LpipsTrunk.Squeeze };
        _ = new Lpips(options, new(recorder), new(headRecorder));
        var trunk = Write("squeeze.safetensors", [.. recorder.Parameters, ("classifier.1.weight", [1000, 8])]);
        var head = Write("head.safetensors", [.. headRecorder.Parameters]);
        using var lpips = Lpips.Load(trunk, head, options, CPU);
        Assert.Equal([722_496, 2240], lpips.Files.Select(file => file.ParameterCount));
        Assert.Equal(["classifier.1.weight"], lpips.Files[0].IgnoredKeys);
        Assert.Matches("^[0-9a-f]{64}$", lpips.Files[0].ComputeSha256());
        using var frame = ones([1, 3, 40, 40]);
        Assert.Equal(0, Assert.Single(lpips.Distances(frame, frame)));
        // The files in the wrong places.
        Assert.Contains("the trunk 'squeeze' of LPIPS", Assert.Throws<ModelFileException>(() => Lpips.Load(head, head, options, CPU)).Message);
        Assert.Contains("the head 'squeeze' of LPIPS 0.1", Assert.Throws<ModelFileException>(() => Lpips.Load(trunk, trunk, options, CPU)).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, params (string Name, long[] Shape)[] tensors)
    {
        var path = Path.Combine(_folder, name);
        SafetensorsWriter.Write(path, [.. tensors.Select(tensor => (tensor.Name, SafetensorsDType.F32, tensor.Shape))],
            (i, stream) => stream.Write(new byte[4 * tensors[i].Shape.Aggregate(1L, (product, size) => product * size)]));
        return path;
    }

    private static void ReadAll(string path)
    {
        using var file = TensorFile.Open(path);
        foreach (var name in file.Shapes.Keys.Where(name => name != "steps")) file.Read(name).Dispose();
    }

    private static float[] Values(TensorFile file, string name)
    {
        using var values = file.Read(name);
        return values.data<float>().ToArray();
    }
}
