namespace XVideo.RandomModel;

/// <summary>One folder of weights.</summary>
/// <param name="Name">The folder, for example <c>transformer</c>.</param>
/// <param name="FileName">Weight file without its extension.</param>
/// <param name="Parameters">Every parameter of the network that the config describes.</param>
internal sealed record ModelPart(string Name, string FileName, IReadOnlyList<(string Name, long[] Shape)> Parameters)
{
    /// <summary>Numbers in all parameters together.</summary>
    public long ElementCount => Parameters.Sum(parameter => parameter.Shape.Aggregate(1L, (product, size) => checked(product * size)));
}
