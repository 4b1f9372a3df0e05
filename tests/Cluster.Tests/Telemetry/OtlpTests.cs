using System.Collections.Concurrent;
using System.Text;
using LPZero.Cluster.Tests.Devices;
using LPZero.Messages.Control;
using LPZero.Seed.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace LPZero.Cluster.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class OtlpTests
{
    [Fact]
    public async Task Metrics_and_traces_of_a_run_arrive_at_a_collector()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var collecting = WebApplication.CreateSlimBuilder();
        collecting.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = collecting.Build();
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.AddOrUpdate(
                signal, _ => Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.AddExporters(new TelemetryOptions { Otlp = true }, "10.0.0.7:4053");
        // As the variables of the environment say it.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [TelemetryOptions.EndpointVariable] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        var folder = Directory.CreateTempSubdirectory("lpzero-otlp-").FullName;
        using (var host = builder.Build())
        {
            await host.StartAsync();
            await LocalRun.ToEndAsync(
                Path.Combine(folder, "lpzero.db"),
                new StartRequest(Synthetic.Run, Synthetic.Configuration with { Iterations = 3 }, Synthetic.Benchmark), new FakeDevices());
            await host.StopAsync();
        }

        Directory.Delete(folder, recursive: true);
        Assert.Contains("lpzero.evaluations", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("10.0.0.7:4053", received["metrics"], StringComparison.Ordinal);
        Assert.All(new[] { "round", "collect", "compute", "decide", "store" }, span =>
            Assert.Contains(span, received["traces"], StringComparison.Ordinal));
    }
}
