namespace XVideo.Cuda;

/// <summary>The GPU, its driver or its run-time compiler could not do what was asked. The message says what, with values.</summary>
public class CudaException : Exception
{
    public CudaException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <param name="message">What was attempted, and what the driver said.</param>
    /// <param name="code">The driver's status, for example 700.</param>
    /// <param name="codeName">Its name, for example <c>CUDA_ERROR_ILLEGAL_ADDRESS</c>.</param>
    /// <param name="call">The driver function, for example <c>cuLaunchKernel</c>.</param>
    internal CudaException(string message, int code, string codeName, string call)
        : base(message) => (Code, CodeName, Call) = (code, codeName, call);

    /// <summary>The driver's status; 0 when the error did not come from a driver call.</summary>
    public int Code { get; }

    /// <summary>Name of the status; <see langword="null"/> when the error did not come from a driver call.</summary>
    public string? CodeName { get; }

    /// <summary>The driver function that failed; <see langword="null"/> when the error did not come from a driver call.</summary>
    public string? Call { get; }
}
