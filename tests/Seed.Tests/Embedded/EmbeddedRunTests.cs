using LPZero.Coordinator.Run;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Search;
using LPZero.Seed.Embedded;
using LPZero.Seed.Storage;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Embedded;

public sealed class EmbeddedRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Stop_ends_the_scoring_of_the_held_out_set_and_a_resumed_run_does_it()
    {
        var database = new Database(folder.File("runs.db"));
        var configuration = SearchConfiguration.Presets["default"] with
        {
            Population = 4, Iterations = 2, SearchArchitectures = 4, BatchSize = 2, SequenceLength = 16, Shapes = Messages.Architectures.Shapes.Genotype,
        };
        NewRun.Create(database, "run", SmallBenchmark.Create(), configuration, folder.File("out"));
        var runs = new RunStore(database);

        Assert.Equal(SearchPhase.Finished, (await WorkAsync(database, new StopOnHeldOut(database))).Phase);
        Assert.Null(runs.Get("run").Report);

        Assert.Equal(SearchPhase.Finished, (await WorkAsync(database, new Progress<RunProgress>())).Phase);
        Assert.NotNull(runs.Get("run").Report);
    }

    private static async Task<SearchState> WorkAsync(Database database, IProgress<RunProgress> observer)
    {
        await using var run = new EmbeddedRun(database, "run", new RunOptions(1, 1L << 30, TermEvaluators.Factory("fused", 1L << 26), TimeLimit: null), observer);
        return await run.RunAsync(CancellationToken.None);
    }

    /// <summary>Asks for a stop as soon as the held-out set is being scored, and goes on when the run has heard it.</summary>
    private sealed class StopOnHeldOut(Database database) : IProgress<RunProgress>
    {
        private bool asked;

        public void Report(RunProgress value)
        {
            if (asked || !value.Activity.Contains("held-out", StringComparison.Ordinal))
            {
                return;
            }

            asked = true;
            // Commands are carried out one by one, so the first is when the second is taken.
            for (var i = 0; i < 2; i++)
            {
                new RunControl(database).Send("run", RunCommand.Stop);
                SpinWait.SpinUntil(() => IsTaken(database));
            }
        }

        private static bool IsTaken(Database database)
        {
            using var connection = database.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "select count(*) from commands";
            return (long)command.ExecuteScalar()! == 0;
        }
    }
}
