namespace XVideo.Metrics.Networks.Files;

/// <summary>Finds the tensors in what a pickle describes, under the names that PyTorch's state dictionary gives them.</summary>
internal static class PickledState
{
    // Published files nest their networks ten deep; a pickle can nest itself for ever.
    private const int Deepest = 64;

    /// <summary>Makes the storage that a persistent id (<c>"storage", class, key, device, count[, view]</c>) stands for.</summary>
    /// <exception cref="PickleException">The id has another form.</exception>
    public static PickledStorage Storage(object?[] id) => id is ["storage", PickleGlobal type, string key, string, long and >= 0 and var count, ..] && id.Length <= 6
        && (id.Length < 6 || id[5] is null)
        ? new PickledStorage(type.Name, key, count)
        : throw new PickleException($"a persistent id has a form that is not known: {id.Length} parts, the first is {id.FirstOrDefault()}");

    /// <summary>Every tensor by its dotted name; a checkpoint that keeps its network under one key loses that key.</summary>
    /// <exception cref="PickleException">Nested too deep, or a tensor's description is not valid.</exception>
    public static Dictionary<string, PickledTensor> Tensors(object? root)
    {
        var found = new Dictionary<string, PickledTensor>(StringComparer.Ordinal);
        Collect(Network(root), "", 0, found);
        return found;
    }

    private static object? Network(object? root) =>
        root is PickleObject { Items: var items } && items.FirstOrDefault(item => item.Key is "state_dict" or "model") is { Value: PickleObject inner } ? inner : root;

    private static void Collect(object? value, string name, int depth, Dictionary<string, PickledTensor> found)
    {
        if (depth > Deepest) throw new PickleException($"values are nested more than {Deepest} deep at {name}");
        if (value is not PickleObject made) return;
        if (AsTensor(made) is { } tensor)
        {
            found[name] = tensor;
            return;
        }
        // A dictionary has items; a module of a TorchScript file has a dictionary as its state. The state of an ordered dictionary is no part of it.
        var items = made.Items.Count > 0 || made.State is not PickleObject state ? made.Items : state.Items;
        foreach (var (key, child) in items)
            if (key is string text) Collect(child, name.Length == 0 ? text : $"{name}.{text}", depth + 1, found);
    }

    private static PickledTensor? AsTensor(PickleObject made) => (made.Maker, made.Arguments) switch
    {
        ({ Module: "torch._utils", Name: "_rebuild_tensor_v2" or "_rebuild_tensor" }, [PickledStorage storage, long offset, object?[] shape, object?[] strides, ..]) =>
            Checked(new PickledTensor(storage, offset, Longs(shape), Longs(strides))),
        ({ Module: "torch._utils", Name: "_rebuild_parameter" }, [PickleObject inner, ..]) => AsTensor(inner),
        ({ Module: "torch._utils" }, _) => throw new PickleException($"a tensor is described by {made.Maker}, which is not supported"),
        _ => null,
    };

    private static long[] Longs(object?[] values) => [.. values.Select(value => value is long and >= 0 and var number ? number : throw new PickleException($"a size or stride is {value}"))];

    private static PickledTensor Checked(PickledTensor tensor)
    {
        if (tensor.Shape.Length != tensor.Strides.Length || tensor.Offset < 0 || tensor.Reach > tensor.Storage.Count)
            throw new PickleException($"a tensor of shape [{string.Join(", ", tensor.Shape)}] reaches outside its storage {tensor.Storage.Key} of {tensor.Storage.Count} elements");
        return tensor;
    }
}
