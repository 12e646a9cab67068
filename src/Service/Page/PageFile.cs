using Microsoft.Net.Http.Headers;

namespace XVideo.Service.Page;

/// <summary>One file of the page.</summary>
/// <param name="Content">All of it.</param>
/// <param name="ContentType">With the character set of texts.</param>
/// <param name="Tag">Changes with the content.</param>
internal sealed record PageFile(byte[] Content, string ContentType, EntityTagHeaderValue Tag);
