namespace XVideo.Service.Tests.Conformance;

/// <summary>A theory that needs node and the npm package; says why it is skipped where they cannot be had.</summary>
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = NodeContractClient.MissingReason;
}
