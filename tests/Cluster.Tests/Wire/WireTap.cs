using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LPZero.Cluster.Tests.Wire;

/// <summary>A port that forwards to another one and keeps every byte that passes, in both directions.</summary>
internal sealed class WireTap : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int target;
    private readonly ConcurrentBag<MemoryStream> streams = [];
    private readonly ConcurrentBag<Task> pumps = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    public WireTap(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>
    /// The complete frames that have passed: what follows a length of four bytes. To be asked once nothing passes any more.
    /// </summary>
    public IEnumerable<byte[]> Frames()
    {
        foreach (var bytes in streams.Select(stream => stream.ToArray()))
        {
            for (var at = 0; at + sizeof(int) <= bytes.Length;)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
                at += sizeof(int);
                if (at + length <= bytes.Length)
                {
                    yield return bytes[at..(at + length)];
                }

                at += length;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(pumps);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                pumps.Add(ForwardAsync(client));
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
            }
            catch (Exception problem) when (problem is OperationCanceledException or SocketException)
            {
                // The test is over, or the node is not there yet: the peer tries again.
            }
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        var kept = new MemoryStream();
        streams.Add(kept);
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is var count and > 0)
            {
                kept.Write(buffer, 0, count);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stop.Token);
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException or ObjectDisposedException
            or InvalidOperationException)
        {
            // One of the two has hung up.
        }
    }
}
