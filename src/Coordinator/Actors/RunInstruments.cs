using System.Diagnostics.Metrics;
using LPZero.Messages;

namespace LPZero.Coordinator.Actors;

/// <summary>What the owners of runs count and time: a process has one of each, and no listener means next to no cost.</summary>
internal static class RunInstruments
{
    private static readonly Meter Meter = new(TelemetryNames.Coordinator);

    /// <summary>Proxies scored; by <c>run</c> and by <c>outcome</c>, valid or invalid.</summary>
    public static readonly Counter<long> Evaluations = Meter.CreateCounter<long>(
        "lpzero.evaluations", "{proxy}", "Proxies scored, by run and outcome (valid or invalid).");

    /// <summary>How often pruning rules acted, by <c>rule</c>.</summary>
    public static readonly Counter<long> Pruned = Meter.CreateCounter<long>(
        "lpzero.proxies.pruned", "{proxy}", "How often a pruning rule refused or rewrote a proxy, by rule.");

    /// <summary>Terms that a round needed and its owner had.</summary>
    public static readonly Counter<long> KnownTerms = Meter.CreateCounter<long>(
        "lpzero.terms.known", "{term}", "Terms that a round needed and the run's owner had already.");

    /// <summary>From the request for a round's terms until they are known.</summary>
    public static readonly Histogram<double> RoundDuration = Meter.CreateHistogram(
        "lpzero.round.duration", "s", "Time until the terms of a round are known.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300, 1800] });

    /// <summary>Runs that have an owner in this process, by <c>state</c>.</summary>
    public static readonly UpDownCounter<int> Runs = Meter.CreateUpDownCounter<int>(
        "lpzero.runs", "{run}", "Runs that have their owner on this node, by state.");

    /// <summary>Times that something kept a run from going on until somebody mends it.</summary>
    public static readonly Counter<long> Problems = Meter.CreateCounter<long>(
        "lpzero.run.problems", "{problem}", "Times that a run was paused, or its report put off, by a problem; by run.");

    /// <summary>Messages that wait for a run's owner, looked at each tick.</summary>
    public static readonly Histogram<int> Mailbox = Meter.CreateHistogram(
        "lpzero.owner.mailbox", "{message}", "Messages that wait for a run's owner, looked at each second.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [0, 1, 10, 100, 1000, 10_000] });
}
