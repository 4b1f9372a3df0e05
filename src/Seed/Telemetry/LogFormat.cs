using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LPZero.Seed.Telemetry;

/// <summary>How the log lines of a process look.</summary>
public enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text,

    /// <summary>A JSON object a line, with what the message is about (Run, Request, ...) as values of their own.</summary>
    Json,
}

/// <summary>The log of a process that serves others.</summary>
public static class NodeLogging
{
    /// <summary>Logs to standard output, one line an event.</summary>
    public static ILoggingBuilder AddNodeLog(this ILoggingBuilder logging, LogFormat format)
    {
        logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            // Probes come every few seconds: what fails is logged by whom it fails, calmly.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        return format == LogFormat.Json
            ? logging.AddConsole(console => console.FormatterName = JsonLogFormatter.FormatterName)
                .AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>()
            : logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
            });
    }
}
