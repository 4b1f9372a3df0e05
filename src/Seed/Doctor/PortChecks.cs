using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using LPZero.GpuNode.SelfTest;
using LPZero.Seed.Hosting;

namespace LPZero.Seed.Doctor;

/// <summary>Whether a node could listen on this machine where it listens unless it is told otherwise.</summary>
internal static class PortChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Looks at the ports, on 127.0.0.1.</summary>
    /// <param name="cluster">The cluster port.</param>
    /// <param name="control">The port of the control API.</param>
    public static async Task<SelfTestCheck> RunAsync(int cluster, int control)
    {
        var ports = $"{Text(cluster)} (cluster) and {Text(control)} (control API)";
        if (await IsNodeAsync(control))
        {
            return new SelfTestCheck("ports", true, $"a node answers on port {Text(control)}");
        }

        var problems = new List<string>();
        foreach (var port in new[] { cluster, control })
        {
            try
            {
                await new ListeningAddress("--host", "127.0.0.1", port == cluster ? "--port" : "--control", port)
                    .CheckAsync(CancellationToken.None);
            }
            catch (AddressException problem)
            {
                problems.Add(problem.Message);
            }
        }

        return problems.Count == 0
            ? new SelfTestCheck("ports", true, $"{ports} are free")
            : new SelfTestCheck("ports", false, string.Join("; ", problems), "end what listens there, or give a node other ports");
    }

    private static async Task<bool> IsNodeAsync(int control) => await IsNodeAsync("http", control) || await IsNodeAsync("https", control);

    [SuppressMessage("Security", "CA5359", Justification = "Nothing is told to it, and what it says is not believed in anything else.")]
    private static async Task<bool> IsNodeAsync(string scheme, int control)
    {
        // Whoever issued the certificate of a node on this machine may be unknown here, and its name another.
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri($"{scheme}://127.0.0.1:{Text(control)}/health/live"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception absent) when (absent is HttpRequestException or TaskCanceledException or SocketException)
        {
            return false;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
