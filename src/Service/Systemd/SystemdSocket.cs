using System.Net.Sockets;
using System.Text;

namespace XVideo.Service.Systemd;

/// <summary>Sends datagrams to systemd: <c>READY=1</c>, <c>STATUS=…</c>, <c>WATCHDOG=1</c>, <c>STOPPING=1</c>.</summary>
/// <param name="path">As in <see cref="SystemdOptions.SocketPath"/>.</param>
internal sealed class SystemdSocket(string path) : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _target = new(path[0] == '@' ? $"\0{path[1..]}" : path);

    /// <summary>Sends assignments, one a line.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public void Send(params ReadOnlySpan<string> assignments) => _socket.SendTo(Encoding.UTF8.GetBytes(string.Join('\n', assignments)), _target);

    public void Dispose() => _socket.Dispose();
}
