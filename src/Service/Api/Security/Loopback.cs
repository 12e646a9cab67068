using System.Net;

namespace XVideo.Service.Api.Security;

/// <summary>Which addresses are this machine only.</summary>
internal static class Loopback
{
    /// <summary>Whether a host in a URL, or an address to listen on, means this machine and nothing else.</summary>
    public static bool IsName(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
