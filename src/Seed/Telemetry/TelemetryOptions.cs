namespace LPZero.Seed.Telemetry;

/// <summary>What a node tells those who watch it; nothing unless somebody says so.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Where OpenTelemetry's exporters are told to send to, as its specification names it.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether Prometheus finds the metrics at <c>/metrics</c> on the node's control port.</summary>
    public bool Metrics { get; init; }

    /// <summary>
    /// Whether metrics and traces are sent by OTLP; where to and how the variables of OpenTelemetry say (OTEL_EXPORTER_OTLP_...).
    /// </summary>
    public bool Otlp { get; init; }

    /// <summary>How log lines look.</summary>
    public LogFormat LogFormat { get; init; }
}
