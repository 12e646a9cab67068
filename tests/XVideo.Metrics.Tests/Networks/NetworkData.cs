using System.Runtime.CompilerServices;
using TorchSharp;
using XVideo.Metrics.Networks.Files;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

/// <summary>Reference values beside the tests, and the larger ones outside the repository.</summary>
internal static class NetworkData
{
    /// <summary>A file of the folder Data.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Path.GetDirectoryName(ThisFile())!, "Data", .. parts]);

    /// <summary>A float tensor of <c>reference.safetensors</c>, which torch and torchvision computed (<c>make_reference.py</c>).</summary>
    public static float[] Reference(string name) => Floats(PathOf("reference.safetensors"), name);

    /// <summary>A uint8 tensor of it.</summary>
    public static Tensor ReferenceBytes(string name)
    {
        using var file = SafetensorsFile.Open(PathOf("reference.safetensors"));
        var entry = file.Entries[name];
        return tensor(file.Bytes(entry).ToArray(), ScalarType.Byte).reshape([.. entry.Shape]);
    }

    /// <summary>The values of a float tensor.</summary>
    public static float[] Floats(string path, string name)
    {
        using var file = TensorFile.Open(path);
        using var values = file.Read(name);
        return values.data<float>().ToArray();
    }

    /// <summary>‖got − expected‖ / ‖expected‖.</summary>
    public static double RelativeError(float[] got, float[] expected)
    {
        Assert.Equal(expected.Length, got.Length);
        return Math.Sqrt(got.Zip(expected, (a, b) => Math.Pow((double)a - b, 2)).Sum() / expected.Sum(value => (double)value * value));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
