using System.Collections.Immutable;
using System.CommandLine;
using LPZero.Coordinator.Actors;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// The runs of the database that a command names, and what each verb does without a cluster: what a run's owner on this machine can say
/// comes through its socket, everything else from the database.
/// </summary>
internal sealed class LocalRuns : IAsyncDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);

    private readonly string location;
    private readonly ParseResult parsed;

    /// <summary>Names the database; nothing is opened yet.</summary>
    public LocalRuns(string location, ParseResult parsed)
    {
        this.location = location;
        this.parsed = parsed;
        Database = new Database(location);
        Place = RunPlace.Local(location, Database);
        Directory = new SqlRunDirectory(Database);
    }

    /// <summary>The database.</summary>
    public Database Database { get; }

    /// <summary>The same as the commands see it.</summary>
    public RunPlace Place { get; }

    /// <summary>The runs in it.</summary>
    public SqlRunDirectory Directory { get; }

    /// <summary>Whether there is a database: a file may not have been made yet.</summary>
    public bool IsThere => Database.IsPostgres || File.Exists(new SqliteConnectionStringBuilder(Database.ConnectionString).DataSource);

    private bool Json => parsed.GetValue(SearchVerbs.Json);

    private string Run => parsed.GetValue(SearchVerbs.Run)!;

    /// <summary>Carries out a verb and returns the exit code.</summary>
    public async Task<int> RunAsync(string verb, CancellationToken interrupt)
    {
        switch (verb)
        {
            case "start":
                return await OwnedRun.StartAsync(this, parsed, interrupt);
            case "resume":
                await OpenAsync();
                return await OwnedRun.ResumeAsync(this, parsed, interrupt);
            case "pause" or "stop":
                await OpenAsync();
                await AskAsync(verb, interrupt);
                return ExitCode.Done;
            case "delete":
                await OpenAsync();
                await DeleteAsync(interrupt);
                return ExitCode.Done;
            case "tag":
                await OpenAsync();
                await TagAsync([.. parsed.GetValue(SearchVerbs.Tags)!], interrupt);
                return ExitCode.Done;
            case "priority":
                var priority = SearchCommands.NewPriority(parsed);
                await OpenAsync();
                await PrioritizeAsync(priority, interrupt);
                return ExitCode.Done;
            case "list" when !IsThere:
                Verbs(reader: null!).PrintRuns([], Json);
                return ExitCode.Done;
            case "export" when Run.EndsWith(PredictorJson.FileEnding, StringComparison.Ordinal): // which needs no database
                await Verbs(reader: null!).ReadAsync(verb, parsed, interrupt);
                return ExitCode.Done;
            case "benchmark list" when !IsThere:
                Verbs(reader: null!).PrintBenchmarks([], Json);
                return ExitCode.Done;
        }

        var reader = await ReadAsync();
        await (verb switch
        {
            "status" => PrintStatusAsync(reader, interrupt),
            "watch" =>
                Verbs(reader).WatchAsync(new RunFollower(stop => StatusAsync(reader, Run, stop), Run, WatchInterval), Json, interrupt),
            _ => Verbs(reader).ReadAsync(verb, parsed, interrupt),
        });
        return ExitCode.Done;
    }

    /// <summary>What can be read where nobody needs to answer.</summary>
    /// <exception cref="SearchServiceException">There is no database.</exception>
    public async Task<RunReader> ReadAsync()
    {
        CheckIsThere();
        await Database.ReadAsync();
        return new RunReader(Database);
    }

    /// <summary>The owner of a run on this machine; null where there is none that can be reached.</summary>
    public Task<HttpSearchService?> OwnerAsync(string run, CancellationToken interrupt) =>
        HttpSearchService.ToOwnerAsync(ControlSocket.PathOf(Place.Name, run), interrupt);

    /// <summary>Says how to go on with a run that is not done.</summary>
    public void SayWhatIsLeft(string run, string state) => Console.Error.WriteLine(
        $"{(state == "paused" ? "paused" : "the search has ended, and the held-out set is not scored yet")}; go on with: " +
        $"{Place.Hint($"resume {run}")}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private async Task OpenAsync()
    {
        CheckIsThere();
        await Database.CreateTablesAsync();
    }

    private void CheckIsThere()
    {
        if (!IsThere)
        {
            throw new SearchServiceException(
                $"{location}: there is no such database; start a run with search start, or give its file with --db");
        }
    }

    private ServiceVerbs Verbs(IRunReader reader) => new(reader, Place, Console.Out, AnsiConsole.Console, Console.Error);

    private async Task PrintStatusAsync(RunReader reader, CancellationToken interrupt) =>
        Verbs(reader).PrintStatus(await StatusAsync(reader, Run, interrupt), Json ? MessageJson.Indented : null);

    private async Task<RunStatus> StatusAsync(RunReader reader, string run, CancellationToken interrupt)
    {
        using var owner = await OwnerAsync(run, interrupt);
        if (owner is not null)
        {
            try
            {
                return await owner.StatusAsync(run, interrupt);
            }
            catch (SearchServiceException)
            {
                // It has just ended, or cannot answer at the moment.
            }
        }

        return await reader.StatusAsync(run, interrupt);
    }

    private async Task TagAsync(ImmutableArray<string> tags, CancellationToken interrupt)
    {
        var (run, reader) = (Run, new RunReader(Database));
        RunTags.Check(tags);
        _ = await reader.DefinitionAsync(run, interrupt); // says which names there are
        await Directory.TagAsync(run, tags);
        await Verbs(reader).TagAsync(
            Task.FromResult((await reader.ListAsync(interrupt)).Single(listing => listing.Name == run)), Json);
    }

    /// <summary>Gives a run another priority through its owner; of a run without one it is noted for the next.</summary>
    private async Task PrioritizeAsync(int priority, CancellationToken interrupt)
    {
        var (run, reader) = (Run, new RunReader(Database));
        using var owner = await OwnerAsync(run, interrupt);
        if (owner is null)
        {
            _ = await reader.DefinitionAsync(run, interrupt); // says which names there are
            await CheckIsNotOwnedAsync(run);
            await Directory.PrioritizeAsync(run, priority);
        }

        var status = owner is null ? await reader.StatusAsync(run, interrupt) : await owner.PrioritizeAsync(run, priority, interrupt);
        Verbs(reader).PrintStatus(status, Json ? MessageJson.Indented : null);
    }

    private async Task CheckIsNotOwnedAsync(string run)
    {
        if (await Database.IsOwnedAsync(run))
        {
            throw new SearchServiceException(
                $"run '{run}' is being worked on by a process that cannot be reached from here: ask its cluster with --connect, " +
                "or go to its machine");
        }
    }

    private async Task DeleteAsync(CancellationToken interrupt)
    {
        var (run, reader) = (Run, new RunReader(Database));
        _ = await reader.DefinitionAsync(run, interrupt); // says which names there are
        try
        {
            await Directory.DeleteAsync(run);
        }
        catch (RunOwnedException owned)
        {
            throw new SearchServiceException(
                $"{owned.Message}: pause it with {Place.Hint($"pause {run}")}, or end it with {Place.Hint($"stop {run}")}, before it is " +
                "deleted");
        }

        Verbs(reader).PrintDeleted(run, Json);
    }

    /// <summary>Pauses or stops a run through its owner; a run without one is stopped here.</summary>
    private async Task AskAsync(string verb, CancellationToken interrupt)
    {
        var run = Run;
        using var owner = await OwnerAsync(run, interrupt);
        if (owner is not null)
        {
            await Verbs(owner).AskAsync(verb == "pause" ? owner.PauseAsync(run, interrupt) : owner.StopAsync(run, interrupt), verb, Json);
            return;
        }

        var reader = new RunReader(Database);
        var status = await reader.StatusAsync(run, interrupt);
        if (status.State is "finished" or "stopped" || (status.State, verb) is ("paused", "pause"))
        {
            // What was asked for is so already.
            Verbs(reader).PrintStatus(status, Json ? MessageJson.Indented : null);
            return;
        }

        await CheckIsNotOwnedAsync(run);
        if (verb == "pause")
        {
            throw new SearchServiceException($"no process works on run '{run}' ({status.State}): go on with {Place.Hint($"resume {run}")}");
        }

        await using (var engine = await LocalEngine.StartAsync(Database, devices: null, run))
        {
            await Verbs(reader).AskAsync(engine.Service.StopAsync(run, interrupt), verb, Json);
        }

        SayWhatIsLeft(run, "stopped");
    }
}
