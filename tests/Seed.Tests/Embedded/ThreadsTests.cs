using System.Text.Json;
using LPZero.Coordinator.Reporting;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages;
using LPZero.Messages.Search;
using LPZero.Seed.Embedded;
using LPZero.Seed.Storage;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Embedded;

public class ThreadsTests
{
    [Theory]
    [InlineData("fused")]
    [InlineData("op-by-op")]
    [InlineData("segmented")]
    public async Task One_thread_and_two_give_the_same_events_and_the_same_report(string evaluator)
    {
        var one = await RunAsync(evaluator, threads: 1);
        var two = await RunAsync(evaluator, threads: 2);
        Assert.Equal(one.Events, two.Events);
        Assert.Equal(one.Report.Proxies.Select(p => p.HeldOut), two.Report.Proxies.Select(p => p.HeldOut));
        Assert.Equal(one.Report.Scatter.AsEnumerable(), two.Report.Scatter);
    }

    private static async Task<(string Events, ReportData Report)> RunAsync(string evaluator, int threads)
    {
        using var folder = new TemporaryFolder();
        var database = new Database(folder.File("runs.db"));
        var configuration = SearchConfiguration.Presets["default"] with
        {
            Population = 10, Iterations = 30, SearchArchitectures = 10, BatchSize = 2, SequenceLength = 16, Shapes = Messages.Architectures.Shapes.Genotype,
        };
        NewRun.Create(database, "run", SmallBenchmark.Create(), configuration, folder.File("out"));
        await using (var run = new EmbeddedRun(database, "run", new RunOptions(threads, 1L << 30, TermEvaluators.Factory(evaluator, 1L << 26), TimeLimit: null), new Ignore()))
        {
            await run.RunAsync(CancellationToken.None);
        }

        var runs = new RunStore(database);
        var events = string.Join('\n', runs.Events("run").Select(happened => JsonSerializer.Serialize(happened, MessageJson.Options)));
        return (events, ReportData.FromJson(runs.Get("run").Report!));
    }

    private sealed class Ignore : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            // the result is what this test looks at
        }
    }
}
