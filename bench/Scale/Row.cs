using System.Globalization;

namespace LPZero.Bench.Scale;

/// <summary>One measurement.</summary>
/// <param name="Nodes">Simulated nodes.</param>
/// <param name="Batches">Architecture batches.</param>
/// <param name="Service">What a request takes on a node: one input of one network.</param>
/// <param name="Requests">Requests in all.</param>
/// <param name="Elapsed">From the first request to the last term.</param>
/// <param name="Exchange">What was exchanged.</param>
/// <param name="Memory">Peak working set of the process so far, all actor systems together.</param>
internal sealed record Row(int Nodes, int Batches, TimeSpan Service, int Requests, TimeSpan Elapsed, Exchange Exchange, long Memory)
{
    public const string Header = "nodes | batches | service, ms | ideal, s | measured, s | " +
        "efficiency | start-up, s | efficiency after it | requests/s | messages/term | payload bytes/term | repeated | peak memory, MB";

    /// <summary>Every node busy from the first moment to the last.</summary>
    public TimeSpan Ideal => Service * Requests / Nodes;

    /// <summary>Ideal over measured time.</summary>
    public double Efficiency => Ideal / Elapsed;

    /// <summary>The same from the moment on when every batch had its place.</summary>
    public double AfterStartUp => Service * (Requests - Exchange.InStartUp) / Nodes / (Elapsed - Exchange.StartUp);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Nodes} | {Batches} | {Service.TotalMilliseconds:F0} | {Ideal.TotalSeconds:F1} | {Elapsed.TotalSeconds:F1} | {Efficiency:P1} | " +
        $"{Exchange.StartUp.TotalSeconds:F1} | {AfterStartUp:P1} | " +
        $"{Requests / Elapsed.TotalSeconds:F0} | {Exchange.Messages / (double)Exchange.Terms:F5} | " +
        $"{Exchange.Bytes / (double)Exchange.Terms:F1} | {Exchange.Repeated} | {Memory / 1e6:F0}");
}
