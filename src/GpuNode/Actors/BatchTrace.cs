using System.Diagnostics;
using LPZero.Messages;
using LPZero.Messages.Entities;

namespace LPZero.GpuNode.Actors;

/// <summary>What a batch does for a request that is traced: <c>compute</c> and <c>store</c>, below the round that asks.</summary>
internal static class BatchTrace
{
    private static readonly ActivitySource Source = new(TelemetryNames.GpuNode);

    /// <summary>Begins a step; null where nobody traces it. The caller disposes it at its end.</summary>
    /// <param name="step">Its name.</param>
    /// <param name="message">What is asked.</param>
    public static Activity? Begin(string step, BatchRequest message) => message.Trace is not { } parent
        ? null
        : Source.StartActivity(step, ActivityKind.Internal, parent)?
            .SetTag("lpzero.run", message.Run).SetTag("lpzero.batch", message.Batch).SetTag("lpzero.request", message.Request.Id);
}
