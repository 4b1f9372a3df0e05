using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LPZero.Seed.Hosting;

/// <summary>An address that a node is to listen on, and the options that name it.</summary>
/// <param name="HostOption">What names the host.</param>
/// <param name="Host">A name or an address.</param>
/// <param name="PortOption">What names the port.</param>
/// <param name="Port">The port; 0 is any free one.</param>
internal sealed record ListeningAddress(string HostOption, string Host, string PortOption, int Port)
{
    /// <summary>The cluster port of a node.</summary>
    public static ListeningAddress OfCluster(NodeOptions options) => new("--host", options.Host, "--port", options.Port);

    /// <summary>The control API of a node, if it has one.</summary>
    public static ListeningAddress? OfControl(NodeOptions options) =>
        options.ControlHost is { } host ? new("--control", host, "--control", options.ControlPort) : null;

    /// <summary>Listens there for a moment, as actor systems and web servers explain less why they cannot.</summary>
    /// <exception cref="AddressException">Nobody can listen there now.</exception>
    public async Task CheckAsync(CancellationToken interrupt)
    {
        try
        {
            foreach (var address in await Dns.GetHostAddressesAsync(Host, interrupt))
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, Port));
                socket.Listen();
            }
        }
        catch (SocketException problem)
        {
            throw Refusal(problem);
        }
    }

    /// <summary>Why nobody can listen there, where the failure is, or is caused by, one of a socket; else null.</summary>
    public AddressException? Explain(Exception failure)
    {
        for (var cause = failure;
             cause is not null; cause = cause is AggregateException { InnerExceptions: [var first, ..] } ? first : cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                return Refusal(socket);
            }
        }

        return null;
    }

    private AddressException Refusal(SocketException problem)
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        return new AddressException(
            problem.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"{PortOption}: another process listens on port {port} of {Host} already; end it, or give another port",
                SocketError.AddressNotAvailable => $"{HostOption} {Host}: this machine has no such address; give one of its own",
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                    $"{HostOption} {Host}: there is no host of this name",
                SocketError.AccessDenied => $"{PortOption}: port {port} needs special rights; give one from 1024 on",
                _ => $"{HostOption} {Host}, port {port}: {problem.Message}",
            },
            problem);
    }
}
