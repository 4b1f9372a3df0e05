using System.Diagnostics;
using System.Text.Json;
using LPZero.Cluster.Tests.Devices;
using LPZero.Cluster.Tests.Hosting;
using LPZero.Cluster.Tests.Processes;
using LPZero.Coordinator.Actors;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Storage;

/// <summary>What is read of runs beside, and without, the actors that work on them.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class RunReaderTests(SharedPostgres shared) : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-reader-").FullName;
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));

    public void Dispose()
    {
        patience.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_is_read_is_what_the_owner_says_on_SQLite_on_a_read_only_file_too()
    {
        var file = Path.Combine(folder, "lpzero.db");
        await AssertAgreesWithOwnerAsync(file);
        await RunProgramAsync("chmod", "-R", "a-w", folder);
        var before = await File.ReadAllBytesAsync(file);
        await AssertStoredAsync(file);
        Assert.Equal(before, await File.ReadAllBytesAsync(file));
        await RunProgramAsync("chmod", "-R", "u+w", folder);
    }

    [PostgresFact]
    public async Task What_is_read_is_what_the_owner_says_on_PostgreSQL()
    {
        var postgres = await shared.NewDatabaseAsync();
        await AssertAgreesWithOwnerAsync(postgres);
        // Whoever reads holds one connection, and waits for no second one: of many readers each could have the one that another waits for.
        await AssertStoredAsync($"{postgres};Maximum Pool Size=1;Timeout=5");
    }

    [Fact]
    public async Task A_run_that_nobody_works_on_is_interrupted_and_one_that_is_not_there_is_refused_with_the_nearest()
    {
        var file = Path.Combine(folder, "lpzero.db");
        await using var database = new Database(file);
        await database.CreateTablesAsync();
        await new SqlRunDirectory(database).CreateAsync(
            new StartRequest("first", Synthetic.Configuration, Synthetic.Benchmark), Synthetic.Record.Created, "/runs/first");
        await using var other = new Database(file);
        await other.ReadAsync();
        var reader = new RunReader(other);

        Assert.Equal("interrupted", (await reader.StatusAsync("first", Never)).State);
        Assert.Equal("interrupted", Assert.Single(await reader.ListAsync(Never)).State);
        Assert.Empty(await reader.EventsAsync("first", Never));
        Assert.Empty((await reader.LeaderboardAsync("first", Never)).Entries);
        Assert.Equal("/runs/first", (await reader.DefinitionAsync("first", Never)).Output);
        Assert.Equal(new RunResult(new RunUsage(0, 0, 0), Report: null), await reader.ResultAsync("first", Never));
        await using (await database.LockAsync("first"))
        {
            Assert.Equal("new", (await reader.StatusAsync("first", Never)).State);
            Assert.Equal("new", Assert.Single(await reader.ListAsync(Never)).State);
        }

        await new SqlRunDirectory(database).HoldAsync("first", "broken");
        var held = await reader.StatusAsync("first", Never);
        Assert.Equal(("paused", "broken"), (held.State, held.Problem));
        foreach (var read in (Func<Task>[])[
            () => reader.StatusAsync("frist", Never), () => reader.LeaderboardAsync("frist", Never),
            () => reader.ResultAsync("frist", Never), () => reader.DefinitionAsync("frist", Never),
            () => reader.EventsAsync("frist", Never)])
        {
            var refused = await Assert.ThrowsAsync<SearchServiceException>(read);
            Assert.Contains("did you mean first", refused.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<SearchServiceException>(() => reader.BenchmarkAsync("unknown", Never));
    }

    /// <summary>Reads a run while it is written, paused and ended, beside its owner.</summary>
    private async Task AssertAgreesWithOwnerAsync(string location)
    {
        await using var database = new Database(location);
        await database.CreateTablesAsync();
        await using var second = new Database(location);
        await second.ReadAsync();
        var reader = new RunReader(second);
        var port = Ports.Free();
        var devices = new FakeDevices(held: true);
        var options = new NodeOptions
        {
            Roles = [ClusterNames.Coordinator, ClusterNames.Gpu], Port = port, Seeds = [$"127.0.0.1:{port}"],
            Coordinator = new CoordinatorSettings { EventsPerSnapshot = 7 },
        };
        await using var node = await InProcessNode.StartAsync(options, database, devices);
        var owner = node.Service!;
        await owner.StartAsync(new StartRequest(Synthetic.Run, Synthetic.Configuration, Synthetic.Benchmark), patience.Token);
        await devices.AskedAsync();
        await owner.PauseAsync(Synthetic.Run, patience.Token);
        Assert.Equal("paused", (await reader.StatusAsync(Synthetic.Run, Never)).State);
        await AssertAgreesAsync(owner, reader);
        await owner.ResumeAsync(Synthetic.Run, patience.Token);
        Assert.Equal("running", (await reader.StatusAsync(Synthetic.Run, Never)).State);

        devices.Release(1_000_000);
        var expected = Synthetic.ExpectedEvents().Select(happened => JsonSerializer.Serialize(happened, MessageJson.Options)).ToList();
        var evaluations = 0;
        while (await reader.StatusAsync(Synthetic.Run, Never) is var status && (status.State != "finished" || status.IsReporting))
        {
            patience.Token.ThrowIfCancellationRequested();
            Assert.True(status.Evaluations >= evaluations, "the run went back");
            evaluations = status.Evaluations;
            var events = (await reader.EventsAsync(Synthetic.Run, Never)).Where(IsSearched).ToList();
            Assert.Equal(expected.Take(events.Count), events);
        }

        Assert.Equal(expected, (await reader.EventsAsync(Synthetic.Run, Never)).Where(IsSearched));
        await LocalRun.EndAsync(owner, Synthetic.Run); // it is told that its report is stored after that is to be read
        await AssertAgreesAsync(owner, reader);
        Assert.NotNull((await reader.ResultAsync(Synthetic.Run, Never)).Report);
    }

    /// <summary>Reads a run that has ended and that nobody owns.</summary>
    private static async Task AssertStoredAsync(string location)
    {
        await using var database = new Database(location);
        await database.ReadAsync();
        var reader = new RunReader(database);
        var listing = Assert.Single(await reader.ListAsync(Never));
        Assert.Equal((Synthetic.Run, "finished"), (listing.Name, listing.State));
        Assert.Equal("finished", (await reader.StatusAsync(Synthetic.Run, Never)).State);
        Assert.NotEmpty((await reader.LeaderboardAsync(Synthetic.Run, Never)).Entries);
        Assert.NotEmpty(await reader.EventsAsync(Synthetic.Run, Never));
        var digest = BenchmarkDigest.Of(Synthetic.Benchmark);
        Assert.Equal(digest, Assert.Single(await reader.BenchmarksAsync(Never)).Digest);
        Assert.Equal(digest, BenchmarkDigest.Of(await reader.BenchmarkAsync(digest[..8], Never)));
    }

    private async Task AssertAgreesAsync(ISearchService owner, RunReader reader)
    {
        const string Run = Synthetic.Run;
        Assert.Equal(Text(Stored(await owner.StatusAsync(Run, patience.Token))), Text(Stored(await reader.StatusAsync(Run, Never))));
        var (leaders, stored) = (await owner.LeaderboardAsync(Run, patience.Token), await reader.LeaderboardAsync(Run, Never));
        Assert.Equal(Text(leaders with { Status = Stored(leaders.Status) }), Text(stored with { Status = Stored(stored.Status) }));
        Assert.Equal(Text(await owner.DefinitionAsync(Run, patience.Token)), Text(await reader.DefinitionAsync(Run, Never)));
        Assert.Equal(Text(await owner.EventsAsync(Synthetic.Run, patience.Token)), Text(await reader.EventsAsync(Synthetic.Run, Never)));
        Assert.Equal(
            (await owner.ListAsync(patience.Token)).Select(run => run with { Seconds = 0 }),
            (await reader.ListAsync(Never)).Select(run => run with { Seconds = 0 }));
        Assert.Equal(Text(await owner.BenchmarksAsync(patience.Token)), Text(await reader.BenchmarksAsync(Never)));
        Assert.Equal((await owner.ResultAsync(Run, patience.Token)).Report, (await reader.ResultAsync(Run, Never)).Report);
    }

    /// <summary>What is stored at once: nothing of the requests of the last round, and time now and then.</summary>
    private static RunStatus Stored(RunStatus status) => status with { RequestsDone = 0, RequestsAll = 0, Progress = null, Seconds = 0 };

    private static bool IsSearched(string happened) =>
        !happened.Contains("\"searchPaused\"", StringComparison.Ordinal)
        && !happened.Contains("\"searchResumed\"", StringComparison.Ordinal);

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, MessageJson.Options);

    private static async Task RunProgramAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
