using System.Data.Common;
using Dapper;
using LPZero.Cluster.Tests.Devices;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Integrity;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Integrity;

/// <summary>What verify says of stores that were altered behind the program's back, and of those that were not.</summary>
public sealed class StoreVerificationTests(StoreVerificationTests.StoredRuns stored) : IClassFixture<StoreVerificationTests.StoredRuns>
{
    private const string Finished = "finished";
    private const string Paused = "paused";

    private static readonly SearchConfiguration Configuration = Synthetic.Configuration with { UnaryOperations = 1, Iterations = 60 };

    [Fact]
    public async Task A_store_that_nobody_touched_has_no_problem()
    {
        var findings = await VerifyAsync(stored.File);
        Assert.Empty(findings.Problems);
        Assert.Equal((2, 1, 0L), (findings.Runs, findings.Benchmarks, findings.WithoutChecksum));
        Assert.True(findings.Events > 120 && findings.TermBlocks > 0);
        Assert.Equal(
            1, await QueryAsync<long>(stored.File, $"select count(*) from snapshot where persistence_id = '{StoredRuns.IdOf(Finished)}'"));
    }

    [Fact]
    public async Task A_run_that_is_being_worked_on_has_no_problem()
    {
        var file = stored.Copy();
        await using var database = new Database(file);
        await database.CreateTablesAsync();
        var devices = new FakeDevices(held: true);
        await using (var engine = await Seed.Hosting.LocalEngine.StartAsync(database, devices, "begun"))
        {
            await engine.Service.StartAsync(
                new StartRequest("begun", Configuration with { BatchSeed = 8 }, Synthetic.Benchmark), CancellationToken.None);
            await devices.BegunAsync();
            Assert.Empty((await VerifyAsync(file)).Problems);
            devices.Release(1_000_000);
        }

        Assert.Empty((await VerifyAsync(file)).Problems);
    }

    [Fact]
    public async Task Blocks_that_an_earlier_version_stored_are_counted_and_read()
    {
        var file = stored.Copy();
        await ExecuteAsync(file, "update terms set block = substr(block, 1, length(block) - 8)");
        var findings = await VerifyAsync(file);
        Assert.Empty(findings.Problems);
        Assert.Equal(findings.TermBlocks, findings.WithoutChecksum);
    }

    /// <summary>A hundred alterations by chance, some of each kind: every one is found, and where it is.</summary>
    [Fact]
    public async Task Every_one_of_100_seeded_alterations_is_found_and_named()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var file = stored.Copy();
            var (what, place) = await AlterAsync(file, seed);
            var problems = (await VerifyAsync(file)).Problems;
            Assert.True(problems.Any(place), $"alteration {seed} ({what}) is not found: {string.Join("; ", problems)}");
            File.Delete(file);
        }
    }

    /// <summary>Alters a store. Returns what was done, and what tells a problem that is about it.</summary>
    private async Task<(string What, Func<StoreProblem, bool> Place)> AlterAsync(string file, int seed)
    {
        var random = new Random(seed);
        var name = random.Next(4) == 0 ? Paused : Finished;
        var id = StoredRuns.IdOf(name);
        await using var connection = await OpenAsync(file);
        var events = await connection.QuerySingleAsync<long>("select count(*) from journal where persistence_id = @id", new { id });
        var number = random.NextInt64(1, events + 1);
        var terms = (await connection.QueryAsync<(string Key, long Input)>("select content_key, input from terms order by 1, 2")).ToList();
        var (key, input) = terms[random.Next(terms.Count)];
        Func<StoreProblem, bool> atEvent = problem => problem.Run == name && problem.Event == number;
        Func<StoreProblem, bool> atKey = problem => problem.Key == key;
        switch (seed % 13)
        {
            case 0:
                await connection.ExecuteAsync(
                    "delete from journal where persistence_id = @id and sequence_number = @number", new { id, number });
                return ($"event {number} of {events} deleted", atEvent);
            case 1 or 2:
                number = await AlterBytesAsync(
                    connection, "journal", "message", "persistence_id = @id and length(message) > 0", new { id }, "sequence_number",
                    random);
                return ($"a byte of event {number}", problem => problem.Run == name && problem.Event == number);
            case 3:
                number = random.NextInt64(1, events);
                await connection.ExecuteAsync(
                    """
                    update journal set sequence_number = -1 where persistence_id = @id and sequence_number = @number;
                    update journal set sequence_number = @number where persistence_id = @id and sequence_number = @number + 1;
                    update journal set sequence_number = @number + 1 where persistence_id = @id and sequence_number = -1;
                    """, new { id, number });
                return ($"events {number} and the next exchanged", problem => problem.Run == name && problem.Event == number);
            case 4:
                var columns = (await connection.QueryAsync<string>("select name from pragma_table_info('journal')"))
                    .Where(column => column != "ordering").ToList();
                var copied = columns.Select(column => column == "sequence_number" ? "@behind" : column);
                await connection.ExecuteAsync(
                    $"""
                    insert into journal ({string.Join(',', columns)})
                    select {string.Join(',', copied)} from journal where persistence_id = @id and sequence_number = @number
                    """, new { id, number, behind = events + 1 });
                return ($"event {number} repeated at the end", problem => problem.Run == name && problem.Event == events + 1);
            case 5:
                await connection.ExecuteAsync(
                    """
                    update journal set manifest = case when manifest = 'search-paused-1' then 'search-resumed-1' else 'search-paused-1' end
                    where persistence_id = @id and sequence_number = @number
                    """, new { id, number });
                return ($"the manifest of event {number}", atEvent);
            case 6:
                name = Finished;
                number = await AlterBytesAsync(
                    connection, "snapshot", "snapshot", "persistence_id = @id", new { id = StoredRuns.IdOf(Finished) }, "sequence_number",
                    random);
                return ("a byte of the snapshot", problem => problem.Run == Finished && problem.Event == number);
            case 7 or 8:
                await AlterBytesAsync(
                    connection, "terms", "block", "content_key = @key and input = @input", new { key, input }, "segment", random);
                return ($"a byte of a block of {key}", atKey);
            case 9:
                var cut = random.Next(1, 60) is var bytes && bytes == 8 ? 9 : bytes;
                await connection.ExecuteAsync(
                    "update terms set block = substr(block, 1, length(block) - @cut) where content_key = @key and input = @input",
                    new { key, input, cut });
                return ($"{cut} bytes of a block of {key} cut off", atKey);
            case 10:
                var other = terms[random.Next(terms.Count)];
                other = other.Key == key ? terms.First(each => each.Key != key) : other;
                await connection.ExecuteAsync(
                    """
                    update terms set block = (select block from terms where content_key = @otherKey and input = @otherInput)
                    where content_key = @key and input = @input
                    """, new { key, input, otherKey = other.Key, otherInput = other.Input });
                return ($"a block of {other.Key} in the place of one of {key}", atKey);
            case 11:
                var (from, to) = Options[random.Next(Options.Length)];
                await connection.ExecuteAsync(
                    "update runs set configuration = replace(configuration, @from, @to) where name = @name", new { name, from, to });
                return ($"{from} became {to}", problem => problem.Run == name && (problem.Event == 1 || problem.Event is null));
            default:
                switch (random.Next(4))
                {
                    case 0:
                        await connection.ExecuteAsync("update runs set numeric_profile = 'other' where name = @name", new { name });
                        return ("the numeric profile", problem => problem.Run == name);
                    case 1:
                        await connection.ExecuteAsync("update runs set name = name || 's' where name = @name", new { name });
                        return ("the run's name", problem => problem.Problem == $"events of no run: {id}");
                    case 2:
                        var set = SearchSample.Of(Synthetic.Benchmark, Configuration).Search;
                        var needed = new ProbedNetwork(set.Networks[random.Next(set.Networks.Length)],
                            Configuration.Probe(Synthetic.Benchmark.Sizes)).Key(Synthetic.Profile);
                        await connection.ExecuteAsync("delete from terms where content_key = @needed", new { needed });
                        return ($"all terms of {needed} deleted", problem => problem.Run is not null);
                    default:
                        var content = await connection.QuerySingleAsync<string>("select content from benchmarks");
                        var digits = content.Index().Where(letter => char.IsAsciiDigit(letter.Item)).ToList();
                        var (at, digit) = digits[random.Next(digits.Count)];
                        var changed = $"{content[..at]}{(digit - '0' + 1) % 10}{content[(at + 1)..]}";
                        await connection.ExecuteAsync("update benchmarks set content = @changed", new { changed });
                        return ("a digit of the benchmark", problem => problem.Key == stored.Digest && problem.Run is null);
                }
        }
    }

    // Each of them changes what a run does.
    private static readonly (string From, string To)[] Options =
    [
        ("\"seed\":42", "\"seed\":43"), ("\"population\":10", "\"population\":11"), ("\"crossoverRate\":0.5", "\"crossoverRate\":0.25"),
        ("\"minDistinct\":0.2", "\"minDistinct\":0.3"), ("\"pruning\":\"sound\"", "\"pruning\":\"none\""),
        ("\"preset\":\"default\"", "\"preset\":\"paper\""), ("{", "["),
    ];

    /// <summary>Alters one byte of a row by chance. Returns the number that names the row.</summary>
    private static async Task<long> AlterBytesAsync(
        DbConnection connection, string table, string column, string which, object parameters, string number, Random random)
    {
        var rows = (await connection.QueryAsync<(long Row, long Number, byte[] Bytes)>(
            $"select rowid, {number}, {column} from {table} where {which} order by {number}", parameters)).ToList();
        var (row, named, bytes) = rows[random.Next(rows.Count)];
        bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
        await connection.ExecuteAsync($"update {table} set {column} = @bytes where rowid = @row", new { row, bytes });
        return named;
    }

    private static async Task<StoreFindings> VerifyAsync(string file)
    {
        await using var database = new Database(file);
        await database.ReadAsync();
        return await new StoreVerification(database).RunAsync(CancellationToken.None);
    }

    private static async Task<SqliteConnection> OpenAsync(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await connection.ExecuteAsync("pragma foreign_keys = off");
        return connection;
    }

    private static async Task ExecuteAsync(string file, string statement)
    {
        await using var connection = await OpenAsync(file);
        await connection.ExecuteAsync(statement);
    }

    private static async Task<T> QueryAsync<T>(string file, string query)
    {
        await using var connection = await OpenAsync(file);
        return await connection.QuerySingleAsync<T>(query);
    }

    /// <summary>A store with a run that went through to its end, and one that was paused and resumed on the way.</summary>
    public sealed class StoredRuns : IAsyncLifetime, IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("lpzero-verify-").FullName;
        private int copies;

        internal string File => Path.Combine(folder, "lpzero.db");

        internal string Digest { get; } = BenchmarkDigest.Of(Synthetic.Benchmark);

        public async Task InitializeAsync()
        {
            await LocalRun.ToEndAsync(File, new StartRequest(Finished, Configuration, Synthetic.Benchmark), new FakeDevices());
            await using (var database = new Database(File))
            {
                var devices = new FakeDevices(held: true);
                await using var engine = await Seed.Hosting.LocalEngine.StartAsync(database, devices, Paused);
                var other = Configuration with { BatchSeed = 7 }; // terms of its own, so that devices are asked
                await engine.Service.StartAsync(new StartRequest(Paused, other, Synthetic.Benchmark), CancellationToken.None);
                await devices.BegunAsync();
                await engine.Service.PauseAsync(Paused, CancellationToken.None);
                await engine.Service.ResumeAsync(Paused, CancellationToken.None);
                devices.Release(1_000_000);
                await LocalRun.EndAsync(engine.Service, Paused);
            }

            SqliteConnection.ClearAllPools();
            await ExecuteAsync(File, "pragma wal_checkpoint(truncate); pragma journal_mode = delete");
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose()
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }

        internal static string IdOf(string run) => Coordinator.Actors.RunJournal.IdOf(run);

        internal string Copy()
        {
            var copy = Path.Combine(folder, FormattableString.Invariant($"copy-{copies++}.db"));
            System.IO.File.Copy(File, copy);
            return copy;
        }
    }
}
