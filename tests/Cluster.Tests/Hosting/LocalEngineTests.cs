using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using LPZero.Cluster.Tests.Devices;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.GpuNode;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using Architecture = LPZero.Messages.Architectures.Architecture;

namespace LPZero.Cluster.Tests.Hosting;

public sealed class LocalEngineTests : IDisposable
{
    private const long Memory = 1L << 34;
    private const string Run = "run";

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
    };

    // Of the evaluators that call the library for each operation most would be a minute at two.
    private static readonly SearchConfiguration OneOperation = Configuration with { UnaryOperations = 1, Population = 6, Iterations = 8 };

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-local-").FullName;
    private string DatabaseFile => Path.Combine(folder, "lpzero.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_run_has_the_events_of_a_plain_loop_and_its_terms_have_the_bits_of_a_plain_host()
    {
        await using var database = await OpenAsync();
        using var host = new ArchitectureHost(new FusedEvaluator(), Memory);
        var asked = new Dictionary<(string, InputKind, Chain), string>();
        var expected = PlainLoop.Events(Configuration, Small, (target, wanted) =>
        {
            var block = host.Evaluate(new TermRequest(1, 1, target, [wanted])).Blocks.Single();
            asked.Add(
                (target.Key(host.NumericProfile), wanted.Input, wanted.Chains.Single()),
                Convert.ToHexString(MemoryMarshal.AsBytes(block.Means.Span))
                    + Convert.ToHexString(MemoryMarshal.AsBytes(block.Counts.Span)));
            return block;
        });

        using var devices = new DeviceThreads(["cpu", "cpu"], Memory, () => new FusedEvaluator());
        await using (var engine = await LocalEngine.StartAsync(database, devices, Run))
        {
            await engine.Service.StartAsync(new StartRequest(Run, Configuration, Small), CancellationToken.None);
            await LocalRun.EndAsync(engine.Service, Run);
            Assert.Equal(Json(expected), await engine.Service.EventsAsync(Run, CancellationToken.None));
            Assert.NotNull((await engine.Service.ResultAsync(Run, CancellationToken.None)).Report);
        }

        var stored = (await Processes.StoredTerms.ReadAsync(DatabaseFile)).Values;
        Assert.NotEmpty(asked);
        Assert.All(asked, term => Assert.Equal(term.Value, stored[term.Key]));
    }

    [Fact]
    public async Task A_run_on_products_of_tensors_has_the_events_of_a_plain_loop()
    {
        await using var database = await OpenAsync();
        var configuration = OneOperation with { Inputs = [InputKind.W, InputKind.G], Combine = Combination.Tensors };
        using var host = new ArchitectureHost(new FusedEvaluator(), Memory);
        var products = 0;
        var expected = PlainLoop.Events(configuration, Small, (target, wanted) =>
        {
            products += wanted.Chains.Count(chain => chain.Factor is not null);
            return host.Evaluate(new TermRequest(1, 1, target, [wanted])).Blocks.Single();
        });
        Assert.True(products > 0);

        using var devices = new DeviceThreads(["cpu", "cpu"], Memory, () => new FusedEvaluator());
        await using var engine = await LocalEngine.StartAsync(database, devices, Run);
        await engine.Service.StartAsync(new StartRequest(Run, configuration, Small), CancellationToken.None);
        await LocalRun.EndAsync(engine.Service, Run);
        Assert.Equal(Json(expected), await engine.Service.EventsAsync(Run, CancellationToken.None));
        Assert.NotNull((await engine.Service.ResultAsync(Run, CancellationToken.None)).Report);
    }

    [Fact]
    public async Task A_run_that_is_paused_and_resumed_by_another_process_ends_with_the_same_events()
    {
        await using var database = await OpenAsync();
        var devices = new FakeDevices();
        await using (var engine = await LocalEngine.StartAsync(database, devices, Run))
        {
            await engine.Service.StartAsync(
                new StartRequest(Run, Synthetic.Configuration with { Iterations = 200 }, Synthetic.Benchmark), CancellationToken.None);
            Assert.Equal("paused", (await engine.Service.PauseAsync(Run, CancellationToken.None)).State);
        }

        // What lists show is stored before the engine is gone.
        Assert.Equal(SearchPhase.Paused, (await new SqlRunDirectory(database).FindAsync(Run))!.Phase);
        await using var second = await LocalEngine.StartAsync(database, devices, Run);
        await second.Service.ResumeAsync(Run, CancellationToken.None);
        await LocalRun.EndAsync(second.Service, Run);
        Assert.Equal(
            Json(PlainLoop.Events(Synthetic.Configuration with { Iterations = 200 }, Synthetic.Benchmark, Synthetic.Block)),
            (await second.Service.EventsAsync(Run, CancellationToken.None)).Where(line =>
                !JsonSerializer.Deserialize<SearchEvent>(line, MessageJson.Options)!.IsLifecycle));
    }

    [Theory]
    [InlineData("fused")]
    [InlineData("op-by-op")]
    [InlineData("segmented")]
    public async Task One_thread_and_two_give_the_same_events_and_the_same_report(string evaluator)
    {
        var (one, two) = (await RunAsync("one.db", 1), await RunAsync("two.db", 2));
        Assert.Equal(one.Events, two.Events);
        Assert.Equal(one.Report.Proxies.Select(p => p.HeldOut), two.Report.Proxies.Select(p => p.HeldOut));
        Assert.Equal(one.Report.Scatter.AsEnumerable(), two.Report.Scatter);

        async Task<(IReadOnlyList<string> Events, ReportData Report)> RunAsync(string file, int threads)
        {
            using var devices = new DeviceThreads(
                [.. Enumerable.Repeat("cpu", threads)], Memory, TermEvaluators.Factory(evaluator, 1L << 26));
            var (events, report) = await LocalRun.ToEndAsync(
                Path.Combine(folder, file), new StartRequest(Run, OneOperation, Small), devices);
            return (events, ReportData.FromJson(report!));
        }
    }

    [Fact]
    public async Task Two_runs_on_one_database_do_not_disturb_each_other()
    {
        await using var database = await OpenAsync();
        var devices = new FakeDevices();
        await Task.WhenAll(new[] { "first", "second" }.Select(async name =>
        {
            await using var engine = await LocalEngine.StartAsync(database, devices, name);
            await engine.Service.StartAsync(new StartRequest(name, Synthetic.Configuration, Synthetic.Benchmark), CancellationToken.None);
            await LocalRun.EndAsync(engine.Service, name);
            Assert.Equal(Json(Synthetic.ExpectedEvents()), await engine.Service.EventsAsync(name, CancellationToken.None));
        }));
    }

    [Fact]
    public async Task It_works_on_no_run_but_its_own()
    {
        await using var database = await OpenAsync();
        await using var engine = await LocalEngine.StartAsync(database, new FakeDevices(), Run);
        var refused = await Assert.ThrowsAsync<SearchServiceException>(() => engine.Service.ResumeAsync("another", CancellationToken.None));
        Assert.Contains("does not work on run 'another'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_stopped_where_nothing_is_computed_and_its_report_is_left_to_a_later_process()
    {
        await using var database = await OpenAsync();
        await using (var idle = await LocalEngine.StartAsync(database, devices: null, Run))
        {
            await idle.Service.StartAsync(new StartRequest(Run, Synthetic.Configuration, Synthetic.Benchmark), CancellationToken.None);
            Assert.Equal("stopped", (await idle.Service.StopAsync(Run, CancellationToken.None)).State);
        }

        await using var engine = await LocalEngine.StartAsync(database, new FakeDevices(), Run);
        await engine.Service.ResumeAsync(Run, CancellationToken.None);
        await LocalRun.EndAsync(engine.Service, Run);
        Assert.NotNull((await engine.Service.ResultAsync(Run, CancellationToken.None)).Report);
    }

    private async Task<Database> OpenAsync()
    {
        var database = new Database(DatabaseFile);
        await database.CreateTablesAsync();
        return database;
    }

    private static IEnumerable<string> Json(ImmutableArray<SearchEvent> events) =>
        events.Select(happened => JsonSerializer.Serialize(happened, MessageJson.Options));
}
