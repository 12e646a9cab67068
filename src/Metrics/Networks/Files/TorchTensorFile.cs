using System.Buffers.Binary;
using System.IO.Compression;
using TorchSharp;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Files;

/// <summary>
/// Tensors of a file of PyTorch's <c>save</c> (.pth, .pt), zip, TorchScript or legacy. Only tensors are read: no code of the file is run.
/// </summary>
internal sealed class TorchTensorFile : TensorFile
{
    private const long LegacyProtocol = 1001;
    private const string LegacyMagic = "119547037146038801333356";   // 0x1950a86a20f9469cfc6c

    private readonly string _path;
    private readonly Dictionary<string, PickledTensor> _tensors;
    private readonly Func<PickledStorage, byte[]> _readStorage;
    private readonly IDisposable _file;

    private TorchTensorFile(string path, Dictionary<string, PickledTensor> tensors, Func<PickledStorage, byte[]> readStorage, IDisposable file)
    {
        (_path, _tensors, _readStorage, _file) = (path, tensors, readStorage, file);
        Shapes = tensors.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.Shape);
    }

    public override IReadOnlyDictionary<string, long[]> Shapes { get; }

    /// <inheritdoc cref="TensorFile.Open"/>
    public static new TorchTensorFile Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            var isZip = stream.ReadByte() == 'P';
            stream.Position = 0;
            return isZip ? OpenZip(path, stream) : OpenLegacy(path, stream);
        }
        catch (Exception error) when (error is PickleException or InvalidDataException or IOException or OverflowException)
        {
            stream.Dispose();
            throw Unusable(path, error);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public override Tensor Read(string name)
    {
        var tensor = _tensors[name];
        var stored = tensor.Storage.FloatType
            ?? throw new ModelFileException(_path, $"{name} is a {tensor.Storage.TypeName}; a parameter must be a Double-, Float-, Half- or BFloat16Storage");
        try
        {
            var storage = _readStorage(tensor.Storage);
            var host = empty(tensor.Shape, stored);
            CopyElements(tensor, storage, host.bytes);
            return stored == ScalarType.Float32 ? host : host.to(ScalarType.Float32, disposeAfter: true);
        }
        catch (Exception error) when (error is PickleException or InvalidDataException or IOException)
        {
            throw Unusable(_path, error);
        }
    }

    public override void Dispose() => _file.Dispose();

    private static TorchTensorFile OpenZip(string path, FileStream stream)
    {
        var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        var state = zip.Entries.FirstOrDefault(entry => entry.FullName == "data.pkl" || entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw new PickleException($"the zip has no data.pkl; it holds {zip.Entries.Count} files, the first is {zip.Entries.FirstOrDefault()?.FullName ?? "none"}");
        var root = state.FullName[..^"data.pkl".Length];
        if (zip.GetEntry(root + "byteorder") is { } order)
        {
            using var text = new StreamReader(order.Open());
            if (text.ReadToEnd() is not "little" and var found) throw new PickleException($"the numbers are stored in the byte order '{found}'; only little is supported");
        }
        using var pickle = new BufferedStream(state.Open());
        var tensors = PickledState.Tensors(PickleReader.Read(pickle, PickledState.Storage));
        return new TorchTensorFile(path, tensors, storage => ReadEntry(zip, $"{root}data/{storage.Key}", storage), zip);
    }

    private static byte[] ReadEntry(ZipArchive zip, string name, PickledStorage storage)
    {
        var entry = zip.GetEntry(name) ?? throw new PickleException($"the zip has no {name}");
        var size = checked(storage.Count * storage.ElementSize);
        if (entry.Length < size) throw new PickleException($"{name} has {entry.Length} bytes and needs {size}");
        using var data = entry.Open();
        var bytes = new byte[size];
        data.ReadExactly(bytes);
        return bytes;
    }

    // Five pickles: magic, protocol, the writing system, the state, the storages' keys; then every storage as its count and its elements.
    private static TorchTensorFile OpenLegacy(string path, FileStream stream)
    {
        var storages = new Dictionary<string, PickledStorage>(StringComparer.Ordinal);
        object? Next() => PickleReader.Read(stream, id => PickledState.Storage(id) is var storage && storages.TryAdd(storage.Key, storage) ? storage : storages[storage.Key]);
        if (Next()?.ToString() != LegacyMagic) throw new PickleException("the pickle does not start with PyTorch's magic number");
        if (Next() is not LegacyProtocol and var protocol) throw new PickleException($"the file's protocol is {protocol}; only {LegacyProtocol} is known");
        Next();
        var tensors = PickledState.Tensors(Next());
        var keys = Next() as List<object?> ?? throw new PickleException("the list of storages is missing");
        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        Span<byte> count = stackalloc byte[8];
        foreach (var key in keys.OfType<string>())
        {
            if (!storages.TryGetValue(key, out var storage)) throw new PickleException($"no tensor uses the storage {key}");
            stream.ReadExactly(count);
            if (BinaryPrimitives.ReadInt64LittleEndian(count) is var found && found != storage.Count)
                throw new PickleException($"storage {key} has {found} elements; its tensors need {storage.Count}");
            starts[key] = stream.Position;
            stream.Position = checked(stream.Position + (storage.Count * storage.ElementSize));
        }
        if (stream.Position > stream.Length) throw new PickleException($"the file is cut off: it has {stream.Length} bytes and needs {stream.Position}");
        return new TorchTensorFile(path, tensors, storage => ReadStorage(stream, starts, storage), stream);
    }

    private static byte[] ReadStorage(FileStream stream, Dictionary<string, long> starts, PickledStorage storage)
    {
        stream.Position = starts.TryGetValue(storage.Key, out var start) ? start : throw new PickleException($"storage {storage.Key} is not in the file");
        var bytes = new byte[storage.Count * storage.ElementSize];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void CopyElements(PickledTensor tensor, ReadOnlySpan<byte> storage, Span<byte> target)
    {
        var size = tensor.Storage.ElementSize;
        if (tensor.IsContiguous)
        {
            storage.Slice(checked((int)(tensor.Offset * size)), target.Length).CopyTo(target);
            return;
        }
        var position = new long[tensor.Shape.Length];
        for (var i = 0L; i < tensor.ElementCount; i++)
        {
            var source = tensor.Offset + position.Zip(tensor.Strides, (at, stride) => at * stride).Sum();
            storage.Slice((int)(source * size), size).CopyTo(target[(int)(i * size)..]);
            for (var d = position.Length - 1; d >= 0 && ++position[d] == tensor.Shape[d]; d--) position[d] = 0;
        }
    }

    private static ModelFileException Unusable(string path, Exception error) => new(
        path,
        $"this looks like a file of PyTorch's save, but cannot be read: {error.Message}. Download it again, or convert it where PyTorch is installed: "
            + "safetensors.torch.save_file({k: v.contiguous().float() for k, v in torch.load(path, map_location='cpu').items()}, 'file.safetensors')",
        error);
}
