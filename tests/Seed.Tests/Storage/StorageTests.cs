using LPZero.Coordinator.Run;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Embedded;
using LPZero.Seed.Storage;
using LPZero.Seed.Tests.Benchmarks;
using Microsoft.Data.Sqlite;
using static LPZero.Messages.Proxies.UnaryOperation;

namespace LPZero.Seed.Tests.Storage;

public sealed class StorageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_term_block_survives_its_bytes_with_NaN_and_infinities()
    {
        var block = new TermBlock(
            InputKind.G, [2, 1], [Chain.Empty, Chain.Of(Log, Std)],
            [1.5, double.NaN, double.PositiveInfinity, -0.0, double.Epsilon, double.NegativeInfinity], [10, 20, 30, 1, 1, 1]);
        var read = TermBlockCodec.Decode(InputKind.G, TermBlockCodec.Encode(block));
        Assert.Equal(block.Chains.AsEnumerable(), read.Chains);
        Assert.Equal(block.TensorsPerLayer.AsEnumerable(), read.TensorsPerLayer);
        Assert.Equal(block.Means.ToArray().Select(BitConverter.DoubleToInt64Bits), read.Means.ToArray().Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(block.Counts.ToArray(), read.Counts.ToArray());
    }

    [Fact]
    public void A_block_that_is_cut_short_is_refused()
    {
        var bytes = TermBlockCodec.Encode(new TermBlock(InputKind.A, [1], [Chain.Empty], [1], [1]));
        Assert.Throws<InvalidDataException>(() => TermBlockCodec.Decode(InputKind.A, bytes[..^3]));
        bytes[0] = 99;
        Assert.Contains("version 99", Assert.Throws<InvalidDataException>(() => TermBlockCodec.Decode(InputKind.A, bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_and_a_newer_schema_are_refused()
    {
        File.WriteAllText(folder.File("text.db"), "this is a text and no database at all, however long it is made to be");
        Assert.Contains("--db", Assert.Throws<StorageException>(() => new Database(folder.File("text.db"))).Message, StringComparison.Ordinal);
        var database = new Database(folder.File("new.db"));
        using (var connection = database.Open())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "pragma user_version = 99";
            command.ExecuteNonQuery();
        }

        Assert.Contains("newer", Assert.Throws<StorageException>(() => new Database(folder.File("new.db"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_of_a_node_is_refused_and_left_as_it_is()
    {
        await using (var database = new LPZero.Cluster.Storage.ClusterDatabase(folder.File("node.db")))
        {
            await database.CreateTablesAsync();
        }

        Assert.Contains("database of a node", Assert.Throws<StorageException>(() => new Database(folder.File("node.db"))).Message, StringComparison.Ordinal);
        await using var after = new LPZero.Cluster.Storage.ClusterDatabase(folder.File("node.db"));
        await after.ReadAsync();
    }

    [Fact]
    public void A_database_that_was_replaced_under_a_process_is_noticed_at_the_next_use()
    {
        var path = folder.File("runs.db");
        var database = new Database(path);
        NewRun.Create(database, "run", SmallBenchmark.Create(), SearchConfiguration.Presets["default"] with { SearchArchitectures = 10, SequenceLength = 16 }, folder.File("out"));
        File.Move(path, folder.File("moved.db"));
        Assert.Contains("moved, removed or replaced", Assert.Throws<StorageException>(() => database.Open()).Message, StringComparison.Ordinal);
        File.Copy(folder.File("moved.db"), path);
        Assert.Throws<StorageException>(() => new RunControl(database).Send("run", RunCommand.Pause));
    }

    [Fact]
    public void Benchmarks_and_reports_of_an_older_database_are_kept_apart_from_its_runs()
    {
        var path = folder.File("old.db");
        var benchmark = new BenchmarkFile(SmallBenchmark.Create()).ToJson();
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                create table runs (
                    name text primary key, created text not null, configuration text not null, benchmark text not null, benchmark_digest text not null,
                    output text not null, numeric_profile text, phase text not null, seconds real not null default 0,
                    term_hits integer not null default 0, term_misses integer not null default 0, report text) without rowid;
                create table events (run text not null references runs(name), sequence integer not null, primary key (run, sequence)) without rowid;
                insert into runs (name, created, configuration, benchmark, benchmark_digest, output, phase, report) values
                    ('a', '2026-01-01T00:00:00Z', '{"preset":"paper"}', $benchmark, 'digest', '', 'Finished', 'the report'),
                    ('b', '2026-01-02T00:00:00Z', '{"preset":"default"}', $benchmark, 'digest', '', 'Paused', null);
                insert into events values ('a', 0);
                pragma user_version = 2;
                """;
            command.Parameters.AddWithValue("$benchmark", benchmark);
            command.ExecuteNonQuery();
        }

        var database = new Database(path);
        var runs = new RunStore(database);
        Assert.Equal([("a", "paper"), ("b", "default")], runs.List().Select(run => (run.Name, run.Preset)));
        Assert.Equal((benchmark, "the report"), (runs.Get("a").Benchmark, runs.Get("a").Report));
        Assert.Equal((benchmark, null), (runs.Get("b").Benchmark, runs.Get("b").Report));
        Assert.Equal((18, 2), StoredBenchmarks.List(database).Select(listing => (listing.Architectures, listing.Runs)).Single());
        Assert.Equal(18, StoredBenchmarks.Load(database, "small").Architectures.Length);
    }

    [Fact]
    public void Storing_an_iterations_events_allocates_no_more_late_in_a_run_than_early()
    {
        var configuration = SearchConfiguration.Presets["default"] with { Iterations = 400 };
        var process = new SearchProcess(configuration);
        var database = new Database(folder.File("runs.db"));
        NewRun.Create(database, "run", SmallBenchmark.Create(), configuration with { SearchArchitectures = 10, SequenceLength = 16 }, folder.File("out"));
        var runs = new RunStore(database);
        var (state, sequence) = StoredSearch.Load(runs, "run", process);
        var allocated = new Dictionary<int, double>();
        while (state.Phase == SearchPhase.Running)
        {
            var outcomes = state.Pending.Select((_, i) => new Outcome(new Fitness(((sequence * 7) + i) % 1000 / 1000.0, 0, 0, (ulong)(((sequence * 7) + i) % 1000)), Invalid: null));
            var decision = process.Decide(state, new ReportScores(state.Iteration, state.Round, [.. outcomes]));
            state = decision.Events.Aggregate(state, process.Apply);
            var before = GC.GetAllocatedBytesForCurrentThread();
            runs.Append("run", sequence, decision.Events, state.Phase, new NewUsage(0, 0));
            allocated[state.Iteration] = GC.GetAllocatedBytesForCurrentThread() - before;
            sequence += decision.Events.Length;
        }

        var (early, late) = (Mean(100), Mean(380));
        Assert.InRange(early, 1, 25_000);
        Assert.InRange(late, 1, 1.2 * early);

        double Mean(int around) => Enumerable.Range(around - 10, 20).Average(iteration => allocated[iteration]);
    }

    [Fact]
    public void A_snapshot_and_the_events_behind_it_give_the_state_of_all_events()
    {
        var configuration = SearchConfiguration.Presets["default"] with { Population = 6, Iterations = 20 };
        var process = new SearchProcess(configuration);
        var database = new Database(folder.File("runs.db"));
        NewRun.Create(database, "run", SmallBenchmark.Create(), configuration with { SearchArchitectures = 10, SequenceLength = 16 }, folder.File("out"));
        var runs = new RunStore(database);
        var (state, sequence) = StoredSearch.Load(runs, "run", process);
        for (var step = 0; state.Phase == SearchPhase.Running; step++)
        {
            var outcomes = state.Pending.Select((_, i) => (step + i) % 5 == 4
                ? new Outcome(Fitness: null, InvalidReason.Constant)
                : new Outcome(new Fitness(((step * 7) + i) % 10 / 10.0, 0, 0, (ulong)(((step * 7) + i) % 10)), Invalid: null));
            var decision = process.Decide(state, new ReportScores(state.Iteration, state.Round, [.. outcomes]));
            state = decision.Events.Aggregate(state, process.Apply);
            runs.Append("run", sequence, decision.Events, state.Phase, new NewUsage(0, 0));
            sequence += decision.Events.Length;
            if (step == 8)
            {
                runs.SaveSnapshot("run", sequence, SearchSnapshot.Of(state));
            }
        }

        var restored = StoredSearch.Load(runs, "run", process);
        Assert.Equal(sequence, restored.Events);
        Assert.Equal(state.Population.AsEnumerable(), restored.State.Population);
        Assert.Equal(state.HallOfFame.AsEnumerable(), restored.State.HallOfFame);
        Assert.True(state.KnownInvalid.SetEquals(restored.State.KnownInvalid));
        Assert.True(state.FormsInHallOfFame.SetEquals(restored.State.FormsInHallOfFame));
        Assert.Contains(state.HallOfFame, member => member.Forms > 1);
        Assert.NotEmpty(state.KnownInvalid);
        Assert.Equal(state.RuleHits, restored.State.RuleHits);
        Assert.Equal((state.Phase, state.Iteration, state.Round, state.Evaluations, state.BestSince, state.RandomState),
            (restored.State.Phase, restored.State.Iteration, restored.State.Round, restored.State.Evaluations, restored.State.BestSince, restored.State.RandomState));
    }

    [Fact]
    public void A_lease_of_a_live_process_is_respected_and_one_of_a_dead_process_is_void()
    {
        var database = new Database(folder.File("runs.db"));
        NewRun.Create(database, "run", SmallBenchmark.Create(), SearchConfiguration.Presets["default"] with { SearchArchitectures = 10, SequenceLength = 16 }, folder.File("out"));
        var control = new RunControl(database);
        using (control.Acquire("run"))
        {
            Assert.True(control.IsOwned("run"));
            Assert.Throws<StorageException>(() => control.Acquire("run"));
            control.Send("run", RunCommand.Pause);
            control.Send("run", RunCommand.Stop);
            Assert.Equal([RunCommand.Pause, RunCommand.Stop], control.Receive("run"));
            Assert.Empty(control.Receive("run"));
        }

        Assert.False(control.IsOwned("run"));
        using (var connection = database.Open())
        {
            using var command = connection.CreateCommand();
            // No process has this start time, so the one that took the lease is gone, whoever has its number now.
            command.CommandText = $"insert into leases values ('run', '{Environment.MachineName}', {Environment.ProcessId}, '1999-01-01T00:00:00')";
            command.ExecuteNonQuery();
        }

        Assert.False(control.IsOwned("run"));
        control.Acquire("run").Dispose();
    }
}
