using System.Diagnostics;
using System.Diagnostics.Metrics;
using LPZero.Messages;

namespace LPZero.Seed.Storage;

/// <summary>How long the database takes for what everything waits for: events, and terms.</summary>
internal static class StorageInstruments
{
    private const string Failed = "failed";

    private static readonly Meter Meter = new(TelemetryNames.Seed);

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    };

    /// <summary>Of a write of events.</summary>
    public static readonly Histogram<double> JournalWrite = Meter.CreateHistogram(
        "lpzero.journal.write.duration", "s", "Time to store the events of one decision, by outcome (stored or failed).", advice: Seconds);

    /// <summary>Of a write of terms.</summary>
    public static readonly Histogram<double> TermsWrite = Meter.CreateHistogram(
        "lpzero.terms.write.duration", "s", "Time to store the terms of one answer, by outcome (stored or failed).", advice: Seconds);

    /// <summary>Does something and records how long it took, whatever comes of it.</summary>
    public static async Task<T> MeasureAsync<T>(this Histogram<double> duration, Func<Task<T>> work)
    {
        var (began, outcome) = (Stopwatch.GetTimestamp(), Failed);
        try
        {
            var result = await work();
            outcome = "stored";
            return result;
        }
        finally
        {
            duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
