using System.Diagnostics.Metrics;
using LPZero.Messages;

namespace LPZero.GpuNode.Actors;

/// <summary>What the batches of a node count and time: a process has one of each, and no listener means next to no cost.</summary>
internal static class BatchInstruments
{
    private static readonly Meter Meter = new(TelemetryNames.GpuNode);

    /// <summary>Terms computed by the devices.</summary>
    public static readonly Counter<long> ComputedTerms = Meter.CreateCounter<long>(
        "lpzero.terms.computed", "{term}", "Terms computed: one branch on one network each.");

    /// <summary>Terms asked for that a batch or the term cache had.</summary>
    public static readonly Counter<long> FoundTerms = Meter.CreateCounter<long>(
        "lpzero.terms.found", "{term}", "Terms asked of this node that its batches or the term cache had already.");

    /// <summary>From a request's arrival to its answer, by <c>outcome</c>.</summary>
    public static readonly Histogram<double> RequestDuration = Meter.CreateHistogram(
        "lpzero.batch.request.duration", "s", "Time from the arrival of a request to its answer or refusal, by outcome.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300, 1800] });
}
