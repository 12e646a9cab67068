using XVideo.Pipeline.Requests;

namespace XVideo.Service.Api.Requests;

/// <summary>What a client says about one video. What it leaves open stays <see langword="null"/> until the model's defaults are put in.</summary>
/// <param name="Video">As the command line and the library take it.</param>
/// <param name="Param">The field of the API that a value of the pipeline came from, for messages: <c>width</c> may have been said as <c>size</c>.</param>
internal sealed record CreateRequest(VideoRequest Video, Func<string, string> Param);
