namespace XVideo.Service.Api.Replies;

/// <summary>The models of this server.</summary>
/// <param name="Data">All of them.</param>
public sealed record ModelList(IReadOnlyList<ModelObject> Data)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object { get; } = "list";
}
