using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Telemetry;
using Architecture = LPZero.Messages.Architectures.Architecture;

namespace LPZero.Cluster.Tests.Telemetry;

/// <summary>What a node shows to those who watch it, against what deploy/ and docs/ say of that.</summary>
[Collection(TelemetryCollection.Name)]
public sealed partial class ExportTests
{
    private const int Patience = 10_000;

    // Real networks, built and probed in milliseconds.
    private static readonly Benchmark Small = new("small", "made-up quality", Shapes.Genotype, new EmbeddingSizes(50, 16, 32),
    [
        .. Enumerable.Range(0, 14).Select(i => new Architecture(
            $"a{i}",
            new FlexiBertGenotype(
                16 + (16 * i), [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 32, 1), 1 + (i / 2 % 3))]),
            i * 7 % 11)),
    ]);

    private static readonly SearchConfiguration Configuration = Synthetic.Configuration with
    {
        SearchArchitectures = 8,
        SequenceLength = 8,
        UnaryOperations = 1,
        Population = 6,
        Iterations = 8,
    };

    private static string Deploy => Path.Combine(Repository.Root!, "deploy");

    [Fact]
    public async Task A_watched_node_exports_what_the_dashboard_the_alerts_and_the_documents_name()
    {
        using var measured = new RecordedMeasurements();
        await using var node = new WatchedNode(new TelemetryOptions { Metrics = true });
        foreach (var path in new[] { "/health/startup", "/health/live", "/health/ready", "/healthz", "/readyz" })
        {
            await node.UntilAsync(path, (answer, _) => answer.IsSuccessStatusCode);
        }

        Assert.Equal(
            """{"status":"healthy","checks":["akka.cluster.join","database"]}""",
            Names(await node.UntilAsync("/health/startup", (answer, _) => answer.IsSuccessStatusCode)));
        Assert.Equal(
            """{"status":"healthy","checks":["akka.cluster.join","database","journal","snapshot-store"]}""",
            Names(await node.UntilAsync("/health/ready", (answer, _) => answer.IsSuccessStatusCode)));
        using (var refused = await node.Client.GetAsync(new Uri(Exporting.MetricsPath, UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        node.ShowToken();
        await node.RunAsync(new StartRequest("watched", Configuration, Small));
        var text = await node.UntilAsync(
            Exporting.MetricsPath, (_, metrics) => metrics.Contains("lpzero_shards{", StringComparison.Ordinal));

        var exported = SamplePattern().Matches(text).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var files = new[] { "grafana/lpzero.json", "prometheus-rules.yml" }.Select(file => File.ReadAllText(Path.Combine(Deploy, file)));
        var used = files.SelectMany(file => MetricPattern().Matches(file).Select(match => match.Value)).Distinct().ToList();
        Assert.InRange(used.Count, 15, 40);
        Assert.Empty(used.Except(exported));
        Assert.Contains("lpzero_evaluations_total{", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_", text, StringComparison.Ordinal);

        // Each instrument is a row of the table in docs/operations.md, and each row an instrument.
        var rows = File.ReadLines(Path.Combine(Repository.Root!, "docs", "operations.md"))
            .Where(line => line.StartsWith("| `lpzero.", StringComparison.Ordinal)
                && !line.StartsWith("| `lpzero.slurm`", StringComparison.Ordinal));
        Assert.Equal(string.Join('\n', measured.Instruments), string.Join('\n', rows.Order(StringComparer.Ordinal)));
    }

    [PromtoolFact]
    public async Task Prometheus_understands_its_configuration_the_alerts_and_what_the_dashboard_asks()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-promtool-").FullName;
        File.Copy(Path.Combine(Deploy, "prometheus-rules.yml"), Path.Combine(folder, "prometheus-rules.yml"));
        var (token, file) = (Path.Combine(folder, "token"), Path.Combine(folder, "prometheus.yml"));
        await File.WriteAllTextAsync(token, "secret");
        var configuration = await File.ReadAllTextAsync(Path.Combine(Deploy, "prometheus.yml"));
        await File.WriteAllTextAsync(file, configuration.Replace("/etc/prometheus/lpzero-token", token, StringComparison.Ordinal));

        // As rules that record what the panels ask; Grafana puts the variables in.
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Deploy, "grafana", "lpzero.json")));
        var asked = Queries(dashboard).Select((query, index) => new
        {
            record = string.Create(CultureInfo.InvariantCulture, $"panel:query:{index}"),
            expr = query.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$job", "lpzero", StringComparison.Ordinal),
        });
        var panels = Path.Combine(folder, "panels.yml");
        await File.WriteAllTextAsync(panels, JsonSerializer.Serialize(new { groups = new[] { new { name = "panels", rules = asked } } }));

        var (checkedConfiguration, checkedPanels) = (
            await PromtoolAsync("check", "config", file), await PromtoolAsync("check", "rules", panels));

        Directory.Delete(folder, recursive: true);
        Assert.Matches(@"SUCCESS: \d+ rules found", checkedConfiguration);
        Assert.Matches(@"SUCCESS: \d+ rules found", checkedPanels);
    }

    [PromtoolFact]
    public async Task Each_alert_fires_for_what_it_is_about_and_none_while_a_cluster_works()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-alerts-").FullName;
        var rules = Path.Combine(Deploy, "prometheus-rules.yml");
        File.Copy(rules, Path.Combine(folder, "prometheus-rules.yml"));
        var cases = Path.Combine(folder, "alerts.yml");
        File.Copy(Path.Combine(Repository.Root!, "tests", "Cluster.Tests", "Telemetry", "alerts.yml"), cases);

        var printed = await PromtoolAsync("test", "rules", cases);

        Assert.Contains("SUCCESS", printed, StringComparison.Ordinal);
        var fired = await File.ReadAllTextAsync(cases);
        Directory.Delete(folder, recursive: true);
        Assert.All(
            AlertPattern().Matches(await File.ReadAllTextAsync(rules)),
            alert => Assert.Contains($"alertname=\"{alert.Groups["name"].Value}\"", fired, StringComparison.Ordinal));
    }

    [Fact]
    public void The_dashboard_is_JSON_whose_panels_all_ask_something_and_do_not_overlap()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Deploy, "grafana", "lpzero.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.NotEmpty(panels);
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, panel => Assert.NotEqual(0, panel.GetProperty("targets").GetArrayLength()));
        Assert.All(Queries(dashboard), query => Assert.Contains("job=\"$job\"", query, StringComparison.Ordinal));
        var cells = panels.Select(panel => panel.GetProperty("gridPos")).SelectMany(place =>
            from x in Enumerable.Range(place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32())
            from y in Enumerable.Range(place.GetProperty("y").GetInt32(), place.GetProperty("h").GetInt32())
            select (x, y)).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.InRange(cells.Max(cell => cell.x), 0, 23);
    }

    private static IEnumerable<string> Queries(JsonDocument dashboard) =>
        dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!);

    private static async Task<string> PromtoolAsync(params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var error = promtool.StandardError.ReadToEndAsync();
        var printed = await promtool.StandardOutput.ReadToEndAsync() + await error;
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, printed);
        return printed;
    }

    // The checks' names in place of what else is said of them.
    private static string Names(string health)
    {
        using var document = JsonDocument.Parse(health);
        return JsonSerializer.Serialize(new
        {
            status = document.RootElement.GetProperty("status").GetString(),
            checks = document.RootElement.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()),
        });
    }

    [GeneratedRegex(@"^(?<name>[a-z_:][a-z0-9_:]*)\{", RegexOptions.Multiline | RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex SamplePattern();

    [GeneratedRegex("alert: (?<name>LPZero[A-Za-z]+)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex AlertPattern();

    [GeneratedRegex(@"\blpzero_[a-z_]+\b", RegexOptions.None, Patience)]
    private static partial Regex MetricPattern();
}
