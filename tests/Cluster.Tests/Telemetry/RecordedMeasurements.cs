using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LPZero.Messages;

namespace LPZero.Cluster.Tests.Telemetry;

/// <summary>What the program's instruments have said since this began to listen.</summary>
internal sealed class RecordedMeasurements : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> said = new();
    private readonly ConcurrentDictionary<string, Instrument> instruments = new(StringComparer.Ordinal);

    public RecordedMeasurements()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (TelemetryNames.All.Contains(instrument.Meter.Name))
            {
                instruments.TryAdd(instrument.Name, instrument);
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
    }

    /// <summary>The program's instruments, each as a row of a table: name, kind, unit, what it measures.</summary>
    public IEnumerable<string> Instruments => instruments.Values
        .Select(instrument => $"| `{instrument.Name}` | {Kind(instrument)} | {instrument.Unit} | {instrument.Description} |")
        .Order(StringComparer.Ordinal);

    /// <summary>Asks the instruments that say something only when they are asked.</summary>
    public void Observe() => listener.RecordObservableInstruments();

    /// <summary>What an instrument has said, one number each time.</summary>
    public IReadOnlyList<double> Of(string instrument) => [.. said.Where(one => one.Instrument == instrument).Select(one => one.Value)];

    /// <summary>The sums of what an instrument has said, by its tags as <c>name=value</c>.</summary>
    public IReadOnlyDictionary<string, double> ByTags(string instrument) => said.Where(one => one.Instrument == instrument)
        .GroupBy(one => one.Tags).ToDictionary(group => group.Key, group => group.Sum(one => one.Value), StringComparer.Ordinal);

    public void Dispose() => listener.Dispose();

    private static string Kind(Instrument instrument)
    {
        var type = instrument.GetType().Name.Split('`')[0];
        return type is "Counter" ? "counter" : type is "Histogram" ? "histogram" : "gauge";
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var names = new List<string>();
        foreach (var tag in tags)
        {
            names.Add($"{tag.Key}={tag.Value}");
        }

        said.Enqueue((instrument.Name, value, string.Join(' ', names)));
    }
}
