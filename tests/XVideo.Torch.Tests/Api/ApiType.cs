namespace XVideo.Torch.Tests.Api;

/// <summary>One type of TorchSharp's public surface: its kind and the text of every public member.</summary>
/// <param name="Name">Namespace and nesting, for example <c>TorchSharp::torch.nn.functional</c>.</param>
/// <param name="Kind"><c>class</c>, <c>static class</c>, <c>struct</c>, <c>enum</c> or <c>interface</c>.</param>
/// <param name="Members">Signatures, or for an enum its <c>name=value</c> pairs.</param>
internal sealed record ApiType(string Name, string Kind, IReadOnlySet<string> Members);
