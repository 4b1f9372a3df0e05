using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LPZero.Seed.Telemetry;

/// <summary>
/// A JSON object a line. The one of .NET leaves out what actors log as values of their own, as it knows collections alone.
/// </summary>
internal sealed class JsonLogFormatter() : ConsoleFormatter(FormatterName)
{
    /// <summary>What the console's options name it by.</summary>
    public const string FormatterName = "lpzero-json";

    // The message says it already.
    private const string Template = "{OriginalFormat}";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var values = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        scopeProvider?.ForEachScope((scope, all) => Add(all, scope), values);
        Add(values, logEntry.State);
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("LogLevel", logEntry.LogLevel.ToString());
            json.WriteString("Category", logEntry.Category);
            json.WriteString("Message", Plain(logEntry.Formatter(logEntry.State, logEntry.Exception), values));
            if (logEntry.Exception is { } exception)
            {
                json.WriteString("Exception", exception.ToString());
            }

            json.WriteStartObject("State");
            foreach (var (name, value) in values)
            {
                Write(json, name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    /// <summary>
    /// The message without what Akka.NET puts before it, [LEVEL][time][thread][source], all of which are values of their own.
    /// </summary>
    private static string Plain(string message, SortedDictionary<string, object?> values)
    {
        var end = $"[{values.GetValueOrDefault("LogSource")}] ";
        return message.StartsWith('[') && message.IndexOf(end, StringComparison.Ordinal) is var at and >= 0
            ? message[(at + end.Length)..]
            : message;
    }

    private static void Add(SortedDictionary<string, object?> values, object? state)
    {
        foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
        {
            if (name != Template)
            {
                values[name] = value;
            }
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case bool truth: json.WriteBoolean(name, truth); break;
            case int number: json.WriteNumber(name, number); break;
            case long number: json.WriteNumber(name, number); break;
            case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
            default: json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
