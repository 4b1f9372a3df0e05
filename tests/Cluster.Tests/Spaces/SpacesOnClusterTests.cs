using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LPZero.Cluster.Tests.Hosting;
using LPZero.Cluster.Tests.Processes;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Spaces;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace LPZero.Cluster.Tests.Spaces;

/// <summary>
/// Decoders of every form and recorded inputs on a coordinator and a GPU node, two actor systems with real devices, as
/// <c>--connect</c> reaches them.
/// </summary>
public sealed class SpacesOnClusterTests : IAsyncLifetime, IDisposable
{
    private const long Memory = 1L << 32;
    private const int Count = 8;

    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        Population = 4,
        Iterations = 2,
        UnaryOperations = 1,
        Inputs = [InputKind.A, InputKind.W],
        SearchArchitectures = 4,
        MinDistinct = 0,
        BatchSize = 1,
        SequenceLength = 4,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-spaces-").FullName;
    private readonly DeviceThreads devices = new(["cpu"], Memory, () => new FusedEvaluator());
    private Database database = null!;
    private InProcessNode coordinator = null!;
    private InProcessNode gpu = null!;
    private WebApplication api = null!;
    private HttpSearchService remote = null!;

    public async Task InitializeAsync()
    {
        database = new Database(Path.Combine(folder, "lpzero.db"));
        await database.CreateTablesAsync();
        int[] ports = [Ports.Free(), Ports.Free()];
        coordinator = await NodeAsync(ports[0], ClusterNames.Coordinator, devices: null);
        gpu = await NodeAsync(ports[1], ClusterNames.Gpu, devices);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        api = builder.Build();
        api.Urls.Add("http://127.0.0.1:0");
        ControlApi.Map(api, () => coordinator.Service!);
        await api.StartAsync();
        remote = new HttpSearchService(new Uri(api.Urls.Single()).Authority);

        Task<InProcessNode> NodeAsync(int port, string role, IDeviceSet? devices) => InProcessNode.StartAsync(
            new NodeOptions { Roles = [role], Port = port, Seeds = [$"127.0.0.1:{ports[0]}"] }, database, devices);
    }

    public async Task DisposeAsync()
    {
        await api.DisposeAsync();
        await gpu.DisposeAsync();
        await coordinator.DisposeAsync();
        await database.DisposeAsync();
    }

    public void Dispose()
    {
        remote.Dispose();
        devices.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Each_is_searched_to_its_report_evaluated_and_scored_and_a_file_that_a_node_lacks_is_named_with_the_mend()
    {
        foreach (var benchmark in Published().Append(Recorded()))
        {
            await AssertServedAsync(benchmark);
        }

        // Another network, of which no terms are stored; the node looks for its file in vain.
        var missing = Path.Combine(folder, "recorded", "net-3.safetensors");
        var content = RecordedInputs.File(99);
        await File.WriteAllBytesAsync(missing, content);
        var changed = InputsFolder.Read(Path.Combine(folder, "recorded"), truth: null);
        File.Delete(missing);
        await remote.StartAsync(
            new StartRequest("lacking", Configuration with { SearchIds = [.. changed.Architectures.Take(4).Select(a => a.Id)] }, changed),
            CancellationToken.None);
        var paused = await LocalRun.UntilAsync(remote, "lacking", status => status.State == "paused");
        Assert.Contains(
            $"{missing}: there is no such file on {Environment.MachineName}; put it there, or into a folder that every node has",
            paused.Problem, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(missing, content);
        await remote.ResumeAsync("lacking", CancellationToken.None);
        await LocalRun.EndAsync(remote, "lacking");
    }

    [Fact]
    public async Task Of_decoders_the_whole_space_and_the_choice_among_options_are_those_of_one_machine()
    {
        await using var own = new Database(Path.Combine(folder, "own.db"));
        await own.CreateTablesAsync();
        await using var engine = await LocalEngine.StartAsync(own, devices, run: null);
        foreach (var benchmark in Published())
        {
            var here = await SearchedWholeAsync(engine.Service, benchmark, "here");
            var there = await SearchedWholeAsync(remote, benchmark, "there");
            Assert.Equal(Figures(here), Figures(there));
            Assert.True(there.Valid > 0);
            Assert.Equal(Count - Configuration.SearchArchitectures, there.Top[0].HeldOut!.Networks);

            var choice = await ChooseAsync(remote, benchmark, "there");
            Assert.Equal(Figures(await ChooseAsync(engine.Service, benchmark, "here")), Figures(choice));
            Assert.Equal(Count - Configuration.SearchArchitectures, choice.HeldOut!.Networks);
            Assert.All(choice.Options, option => Assert.NotNull(option.HeldOutRho));

            // The baselines of the space beside both.
            var baselines = benchmark.Architectures[0].Genotype.Describe(benchmark.Sizes, Configuration.SequenceLength).Baselines;
            Assert.Subset(
                there.Baselines.Select(baseline => baseline.Name).ToHashSet(StringComparer.Ordinal),
                baselines.Select(baseline => baseline.Name).ToHashSet(StringComparer.Ordinal));
            var report = await File.ReadAllTextAsync(Path.Combine(choice.Output!, "report.md"));
            Assert.All(baselines, baseline => Assert.Contains($"| {baseline.Name} |", report, StringComparison.Ordinal));
        }
    }

    private async Task AssertServedAsync(Benchmark benchmark)
    {
        await remote.StartAsync(new StartRequest(benchmark.Name, Configuration, benchmark), CancellationToken.None);
        await LocalRun.EndAsync(remote, benchmark.Name);
        Assert.NotNull((await remote.ResultAsync(benchmark.Name, CancellationToken.None)).Report);

        var asked = new EvaluatedBenchmark(benchmark.Name, benchmark, Configuration);
        var proxies = ProxyChoices.Read(["snip, abs(W)"]);
        var evaluation = Assert.Single(await new EvaluateUseCase(remote, threads: null, progress: null)
            .RunAsync([asked], proxies, published: null, sample: null, CancellationToken.None));
        Assert.Equal((Count, Count), (evaluation.Ids.Length, evaluation.Networks));
        Assert.NotNull(evaluation.BestBaseline);

        var set = ArchitectureSet.Of(benchmark.Architectures, benchmark.Shapes);
        var scored = await new ScoreUseCase(remote, threads: null, progress: null).RunAsync(asked, set, proxies, CancellationToken.None);
        Assert.Equal(["abs(W)", "snip"], scored.Select(proxy => proxy.Name.Split(" + ")[0]));
        Assert.All(scored, proxy => Assert.Equal(
            proxy.Scores.AsEnumerable(), evaluation.Rows.Single(row => row.Proxy.Name == proxy.Name).Proxy.Scores));

        var report = await ScoreReport.OfAsync(remote, asked, ProxyChoices.One("abs(W)"), CancellationToken.None);
        Assert.Equal(Count - Configuration.SearchArchitectures, report.HeldOut.Evaluation.Networks);
        Assert.NotNull(report.HeldOut.Evaluation.BestBaseline);

        using var host = new ArchitectureHost(new FusedEvaluator(), Memory);
        var alone = host.Score(new ProbedNetwork(set.Networks[0], Configuration.Probe(benchmark.Sizes)), ["snip"]).Single();
        Assert.Equal(alone.Value, scored[1].Scores.IsEmpty ? null : scored[1].Scores[0]);
        Assert.Equal(alone.Reason, scored[1].Reason);
    }

    private Task<ExhaustiveJson> SearchedWholeAsync(ITermCollector terms, Benchmark benchmark, string where) =>
        new ExhaustiveUseCase(terms, keep: null, new ExhaustiveDisplay(quiet: true)).RunAsync(
            new ExhaustiveRequest(
                benchmark, Configuration, Top: 5, Threads: 1, Path.Combine(folder, $"{benchmark.Name}-whole-{where}"), "lpzero"),
            CancellationToken.None);

    private Task<ChoiceJson> ChooseAsync(ITermCollector terms, Benchmark benchmark, string where) =>
        new ChooseUseCase(terms, new ExhaustiveDisplay(quiet: true)).RunAsync(
            new ChooseRequest(
                benchmark, Configuration,
                [.. ChoosingOption.All(Configuration.Inputs, minDistinct: 0, RankingNames.LayersThenHiddenSize).Take(2)],
                Folds: 2, Threads: 1, Path.Combine(folder, $"{benchmark.Name}-choice-{where}"), "lpzero"),
            CancellationToken.None);

    /// <summary>All that is printed but time and folder.</summary>
    private static string Figures<T>(T printed)
    {
        var json = JsonSerializer.SerializeToNode(printed, MessageJson.Options)!.AsObject();
        json.Remove("seconds");
        json.Remove("output");
        return json.ToJsonString();
    }

    private static IEnumerable<Benchmark> Published() =>
    [
        Decoders("gpt2:d16-e8-k1-v40-p32:h2-f{0}", new EmbeddingSizes(40, null, 32)),
        Decoders("hw-gpt:d16-b1:h1-m{0}", new EmbeddingSizes(50254, null, 1024)),
        Decoders("open-lm:d{0}-l1-h2", new EmbeddingSizes(50432, null, 1024)),
    ];

    private static Benchmark Decoders(string form, EmbeddingSizes sizes) => new(
        form.Split(':')[0], "negative loss", Shapes.Genotype, sizes,
        [
            .. Enumerable.Range(1, Count).Select(i => new Architecture(
                i.ToString(CultureInfo.InvariantCulture),
                SearchSpaces.Known.Parse(form.Replace("{0}", (4 * i).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
                i * 3 % Count)),
        ]);

    private Benchmark Recorded()
    {
        var files = Directory.CreateDirectory(Path.Combine(folder, "recorded")).FullName;
        var truths = ImmutableArray.CreateBuilder<string>();
        truths.Add("id,truth");
        foreach (var i in Enumerable.Range(0, Count))
        {
            var parameters = string.Create(CultureInfo.InvariantCulture, $"\"parameters\":\"{1000 + i}\"");
            File.WriteAllBytes(
                Path.Combine(files, string.Create(CultureInfo.InvariantCulture, $"net-{i}.safetensors")),
                RecordedInputs.File((ulong)i, layers: 1 + (i % 3), parameters));
            truths.Add(string.Create(CultureInfo.InvariantCulture, $"net-{i},{i * 3 % Count}"));
        }

        File.WriteAllLines(Path.Combine(files, "truth.csv"), truths);
        return InputsFolder.Read(files, truth: null);
    }
}
