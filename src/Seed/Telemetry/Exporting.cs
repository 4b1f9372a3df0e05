using LPZero.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LPZero.Seed.Telemetry;

/// <summary>Metrics and traces on their way to those who watch.</summary>
public static class Exporting
{
    /// <summary>Where Prometheus finds the metrics.</summary>
    public const string MetricsPath = "/metrics";

    // What the runtime and the client of PostgreSQL measure themselves.
    private static readonly string[] OfOthers = ["System.Runtime", "Npgsql"];

    /// <summary>Adds the exporters that the options ask for; none of them costs nothing.</summary>
    /// <param name="builder">The process that exports.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="instance">Names this process among those of the cluster, such as <c>10.0.0.7:4053</c>.</param>
    public static void AddExporters(this IHostApplicationBuilder builder, TelemetryOptions options, string instance)
    {
        if (!options.Metrics && !options.Otlp)
        {
            return;
        }

        if (options.Otlp)
        {
            // Where the exporters find the variables: a process without a port begins with no configuration at all.
            builder.Configuration.AddEnvironmentVariables();
        }

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                "lpzero", serviceVersion: ProgramVersion.Text, serviceInstanceId: instance))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter([.. TelemetryNames.All, .. OfOthers]);
                if (options.Metrics)
                {
                    metrics.AddPrometheusExporter();
                }

                if (options.Otlp)
                {
                    metrics.AddOtlpExporter();
                }
            });
        if (options.Otlp)
        {
            telemetry.WithTracing(traces => traces.AddSource([.. TelemetryNames.All]).AddOtlpExporter());
        }
    }

    /// <summary>Serves the metrics in Prometheus' text format; <see cref="AddExporters"/> was asked for them.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint(MetricsPath);
}
