using Dapper;
using LPZero.Cluster.Tests.Processes;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Storage;

[Collection(nameof(SharedPostgres))]
public sealed class SqlRunDirectoryTests(SharedPostgres shared)
{
    private static readonly DateTime Created = new(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc);

    [Fact]
    public async Task A_run_is_kept_with_all_that_was_noted_of_it_on_SQLite()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-runs-").FullName;
        await AssertKeptAsync(Path.Combine(folder, "lpzero.db"));
        Directory.Delete(folder, recursive: true);
    }

    [PostgresFact]
    public async Task A_run_is_kept_with_all_that_was_noted_of_it_on_PostgreSQL()
    {
        var postgres = await shared.NewDatabaseAsync();
        await AssertKeptAsync(postgres);
    }

    [Fact]
    public async Task A_deleted_run_is_gone_with_its_events_and_report_and_its_name_is_free_on_SQLite()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-runs-").FullName;
        await AssertDeletedAsync(Path.Combine(folder, "lpzero.db"));
        Directory.Delete(folder, recursive: true);
    }

    [PostgresFact]
    public async Task A_deleted_run_is_gone_with_its_events_and_report_and_its_name_is_free_on_PostgreSQL()
    {
        var postgres = await shared.NewDatabaseAsync();
        await AssertDeletedAsync(postgres);
    }

    private static async Task AssertDeletedAsync(string location)
    {
        await using var database = new Database(location);
        await database.CreateTablesAsync();
        var runs = new SqlRunDirectory(database);
        var request = new StartRequest("first", Synthetic.Configuration, Synthetic.Benchmark);
        Assert.False(await runs.DeleteAsync("first"));
        await runs.CreateAsync(request, Created);
        await runs.CreateAsync(request with { Name = "second" }, Created);
        await runs.SaveReportAsync("first", "{}", new RunUsage(1, 2, 3));
        await using (var connection = await database.OpenAsync())
        {
            // As far as it matters here, what the journal makes.
            await connection.ExecuteAsync("create table journal (persistence_id text); create table snapshot (persistence_id text)");
            foreach (var run in (string[])["first", "second"])
            {
                await connection.ExecuteAsync(
                    "insert into journal values (@id); insert into snapshot values (@id)", new { id = RunJournal.IdOf(run) });
            }
        }

        await using (await database.LockAsync("first"))
        {
            await Assert.ThrowsAsync<RunOwnedException>(() => runs.DeleteAsync("first"));
            Assert.NotNull(await runs.FindAsync("first"));
        }

        Assert.True(await runs.DeleteAsync("first"));
        Assert.Null(await runs.FindAsync("first"));
        var reader = new RunReader(database);
        await Assert.ThrowsAsync<SearchServiceException>(() => reader.ResultAsync("first", CancellationToken.None));
        Assert.Equal(1, Assert.Single(await reader.BenchmarksAsync(CancellationToken.None)).Runs);
        await using (var connection = await database.OpenAsync())
        {
            foreach (var table in (string[])["journal", "snapshot"])
            {
                var left = Assert.Single(await connection.QueryAsync<string>($"select persistence_id from {table}"));
                Assert.Equal(RunJournal.IdOf("second"), left);
            }
        }

        Assert.True(await runs.CreateAsync(request, Created));
    }

    private static async Task AssertKeptAsync(string location)
    {
        await using var database = new Database(location);
        await database.CreateTablesAsync();
        var runs = new SqlRunDirectory(database);
        var request = new StartRequest("first", Synthetic.Configuration, Synthetic.Benchmark);
        Assert.True(await runs.CreateAsync(request, Created, "/runs/first"));
        Assert.False(await runs.CreateAsync(request, Created));
        Assert.True(await runs.CreateAsync(request with { Name = "second", Priority = 4 }, Created.AddSeconds(1)));
        Assert.Equal((1, 4), ((await runs.FindAsync("first"))!.Priority, (await runs.FindAsync("second"))!.Priority));
        Assert.Equal(4, (await new RunReader(database).StatusAsync("second", CancellationToken.None)).Priority);

        Assert.True(await runs.PrioritizeAsync("first", 9));
        Assert.False(await runs.PrioritizeAsync("third", 9));
        Assert.Equal((9, 4), ((await runs.FindAsync("first"))!.Priority, (await runs.FindAsync("second"))!.Priority));

        // One benchmark, of two runs.
        var reader = new RunReader(database);
        var listing = Assert.Single(await reader.BenchmarksAsync(CancellationToken.None));
        Assert.Equal(
            (Synthetic.Benchmark.Name, Synthetic.Benchmark.Architectures.Length, 2), (listing.Name, listing.Architectures, listing.Runs));
        Assert.Equal(listing.Digest, BenchmarkDigest.Of(await reader.BenchmarkAsync(listing.Digest, CancellationToken.None)));

        await runs.NoteAsync("first", SearchPhase.Finished, problem: null);
        await runs.NoteUsageAsync("first", new RunUsage(2, 30, 40));
        await runs.NoteUsageAsync("first", new RunUsage(1, 3, 4)); // late
        Assert.Equal("cpu", await runs.PinNumericProfileAsync("first", "cpu"));
        Assert.Equal("cpu", await runs.PinNumericProfileAsync("first", "cuda"));
        Assert.Equal("first second", string.Join(" ", await runs.UnfinishedAsync()));
        await runs.SaveReportAsync("first", "{}", new RunUsage(3, 30, 50));
        Assert.Equal("second", string.Join(" ", await runs.UnfinishedAsync()));
        await runs.HoldAsync("second", "broken");
        Assert.Empty(await runs.UnfinishedAsync());

        var found = (await runs.FindAsync("first"))!;
        Assert.Equal(Created, found.Created);
        Assert.Equal(listing.Digest, BenchmarkDigest.Of(found.Benchmark));
        Assert.Equal((listing.Digest, "cpu", SearchPhase.Finished, "/runs/first"),
            (found.BenchmarkDigest, found.NumericProfile, found.Phase, found.Output));
        Assert.Equal((new RunUsage(3, 30, 50), true, false), (found.Usage, found.IsReported, found.IsHeld));
        Assert.Equal(new RunResult(new RunUsage(3, 30, 50), "{}"), await reader.ResultAsync("first", CancellationToken.None));
        await runs.SetOutputAsync("first", "/elsewhere");
        Assert.Equal("/elsewhere", (await runs.FindAsync("first"))!.Output);
        var second = (await runs.FindAsync("second"))!;
        Assert.Equal((SearchPhase.Paused, true, "broken"), (second.Phase, second.IsHeld, second.Problem));
        Assert.Null(await runs.FindAsync("third"));
        Assert.Equal(
            [("first", "finished", 3.0), ("second", "paused", 0)],
            (await runs.ListAsync()).Select(run => (run.Name, run.State, run.Seconds)));
    }
}
