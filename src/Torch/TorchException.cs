namespace XVideo.Torch;

/// <summary>A libtorch operator refused its arguments or failed while running.</summary>
public sealed class TorchException(string operatorName, string arguments, string reason)
    : InvalidOperationException($"{operatorName}({arguments}) failed: {reason}")
{
    /// <summary>The operator's schema name, for example <c>aten::matmul</c>.</summary>
    public string OperatorName { get; } = operatorName;

    /// <summary>libtorch's own message, without its stack trace.</summary>
    public string Reason { get; } = reason;

    /// <summary>Whether the failure is a lack of host or device memory.</summary>
    public bool IsOutOfMemory { get; } =
        reason.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || reason.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);
}
