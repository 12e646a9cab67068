namespace XVideo.Torch;

/// <summary>libtorch, or the small native layer over it, is missing or cannot be built or loaded. The message says what to install.</summary>
public sealed class LibtorchException(string message, Exception? inner = null) : Exception(message, inner);
