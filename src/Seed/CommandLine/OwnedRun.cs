using System.CommandLine;
using LPZero.Coordinator.Run;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Control;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// A run that this process works on to its end, a pause or a stop; other terminals reach it meanwhile through its socket.
/// </summary>
internal static class OwnedRun
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Starts a run, and works on it or leaves it to a process in the background.</summary>
    public static async Task<int> StartAsync(LocalRuns runs, ParseResult parsed, CancellationToken interrupt)
    {
        var run = SearchCommands.NewRunName(parsed);
        var priority = SearchCommands.Priority(parsed);
        var options = SearchCommands.RunOptions(parsed);
        var benchmark = await SearchCommands.BenchmarkAsync(
            parsed, new Lazy<Task<IRunReader>>(async () => await runs.ReadAsync()), interrupt);
        var configuration = SearchVerbs.Configuration.Read(parsed, benchmark);
        var folder = parsed.GetValue(SearchVerbs.RunFolder) ?? DefaultFolder(run);
        options = SearchCommands.FitMemory(benchmark, configuration, options);
        await CreateAsync(runs, new StartRequest(run, configuration, benchmark) { Priority = priority }, folder);
        if (SearchVerbs.Configuration.NoteOfPrefix(parsed) is { } note)
        {
            await Console.Error.WriteLineAsync($"lpzero: {note}");
        }

        return parsed.GetValue(SearchVerbs.Detach)
            ? Background.Resume(runs, parsed, run, folder)
            : await WorkAsync(runs, run, folder, options, parsed.GetValue(SearchVerbs.Json), interrupt);
    }

    /// <summary>Goes on with a run, here or in the background.</summary>
    public static async Task<int> ResumeAsync(LocalRuns runs, ParseResult parsed, CancellationToken interrupt)
    {
        var options = SearchCommands.RunOptions(parsed);
        var name = parsed.GetValue(SearchVerbs.Run)!;
        var definition = await new RunReader(runs.Database).DefinitionAsync(name, interrupt); // says which names there are
        var run = (await runs.Directory.FindAsync(name))!;
        var folder = await FolderAsync(runs, definition, parsed.GetValue(SearchVerbs.RunFolder));
        if (run.Phase == SearchPhase.Finished && run.IsReported)
        {
            var reader = new RunReader(runs.Database);
            await new ServiceVerbs(reader, runs.Place, Console.Out, AnsiConsole.Console)
                .ShowAsync(name, parsed.GetValue(SearchVerbs.Json), interrupt, new RunFiles(folder, definition));
            return ExitCode.Done;
        }

        if (run.Configuration.Problems() is [var problem, ..])
        {
            throw new SearchServiceException($"run '{name}' cannot go on: its {problem}");
        }

        options = SearchCommands.FitMemory(run.Benchmark, run.Configuration, options);
        return parsed.GetValue(SearchVerbs.Detach)
            ? Background.Resume(runs, parsed, name, folder)
            : await WorkAsync(runs, name, folder, options, parsed.GetValue(SearchVerbs.Json), interrupt);
    }

    /// <summary>Stores a new run; nobody works on it yet.</summary>
    /// <param name="runs">Where.</param>
    /// <param name="request">What it is started with.</param>
    /// <param name="folder">Where its hall of fame and report are to be.</param>
    /// <exception cref="UsageException">The folder cannot be had.</exception>
    /// <exception cref="SearchServiceException">The name is taken, or the run cannot be begun.</exception>
    public static async Task CreateAsync(LocalRuns runs, StartRequest request, string folder)
    {
        RunBeginning.Check(request);
        var isThere = runs.IsThere;
        if (isThere)
        {
            await runs.Database.CreateTablesAsync();
            if (await runs.Directory.FindAsync(request.Name) is not null)
            {
                throw Taken();
            }
        }

        // Before the run exists: a folder that cannot be written to would leave a run that cannot go on.
        OutputFolder.Take(folder, OutputFolder.OwnerOf(request.Name, runs.Place.Name), goesOn: false);
        if (!isThere)
        {
            await runs.Database.CreateTablesAsync();
        }

        if (!await runs.Directory.CreateAsync(request, TimeProvider.System.GetUtcNow().UtcDateTime, Path.GetFullPath(folder)))
        {
            throw Taken();
        }

        SearchServiceException Taken() => new(
            $"a run named '{request.Name}' exists already: choose another --name, or go on with it: " +
            $"{runs.Place.Hint($"resume {request.Name}")}");
    }

    /// <summary>Works on a run in this process and prints what came of it.</summary>
    /// <param name="runs">Where it is.</param>
    /// <param name="run">Its name.</param>
    /// <param name="folder">Where its hall of fame and report are written.</param>
    /// <param name="options">How to work on it.</param>
    /// <param name="json">Whether to print JSON.</param>
    /// <param name="interrupt">Pauses it.</param>
    public static async Task<int> WorkAsync(
        LocalRuns runs, string run, string folder, RunOptions options, bool json, CancellationToken interrupt)
    {
        using var devices = CommonOptions.Devices(options);
        await CheckArithmeticAsync(runs, run, devices);
        RunStatus status;
        await using (var engine = await LocalEngine.StartAsync(runs.Database, devices, run))
        {
            var service = engine.Service;
            var follower = new RunFollower(stop => service.StatusAsync(run, stop), run, Interval, engine.Hopeless);
            await follower.ResumeAsync(() => service.ResumeAsync(run, CancellationToken.None), interrupt);
            await using var socket = await ControlSocket.ListenAsync(ControlSocket.PathOf(runs.Place.Name, run), service);
            var files = new RunFiles(folder, await service.DefinitionAsync(run, CancellationToken.None));
            status = await FollowAsync(service, follower, run, files, options.TimeLimit, quiet: json, interrupt);
            if (status.State != "paused" && (await service.ResultAsync(run, CancellationToken.None)).Report is not null)
            {
                await new ServiceVerbs(service, runs.Place, Console.Out, AnsiConsole.Console).ShowAsync(
                    run, json, CancellationToken.None, files);
                PeakMemory.Report(options);
                return ExitCode.Done;
            }
        }

        // Said when the run is free: it may be resumed at once.
        runs.SayWhatIsLeft(run, status.State);
        return interrupt.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    /// <summary>The folder of a run where none is named.</summary>
    public static string DefaultFolder(string run) => Path.Combine("runs", run);

    private static async Task<RunStatus> FollowAsync(
        ISearchService service, RunFollower follower, string run, RunFiles files, TimeSpan? limit, bool quiet, CancellationToken interrupt)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        if (limit is { TotalMilliseconds: <= int.MaxValue } time)
        {
            ending.CancelAfter(time);
        }

        await using var display = new ProgressDisplay(run, quiet);
        try
        {
            return await follower.FollowAsync(
                async status =>
                {
                    await files.UpdateAsync(service, status);
                    display.Report(status);
                },
                ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            var paused = await service.PauseAsync(run, CancellationToken.None);
            await files.UpdateAsync(service, paused);
            display.Report(paused);
            return paused;
        }
    }

    /// <summary>The folder of a run that goes on: another one where it is wanted, as when its own is gone.</summary>
    private static async Task<string> FolderAsync(LocalRuns runs, RunDefinition run, string? wanted)
    {
        if ((wanted ?? (run.Output is null ? DefaultFolder(run.Name) : null)) is not { } folder)
        {
            return run.Output!;
        }

        OutputFolder.Take(folder, OutputFolder.OwnerOf(run.Name, runs.Place.Name), goesOn: true);
        await runs.Directory.SetOutputAsync(run.Name, Path.GetFullPath(folder));
        return folder;
    }

    private static async Task CheckArithmeticAsync(LocalRuns runs, string run, DeviceThreads devices)
    {
        if ((await runs.Directory.FindAsync(run))?.NumericProfile is { } pinned && pinned != devices.NumericProfile)
        {
            throw new SearchServiceException(
                $"run '{run}' was begun with other arithmetic ({pinned}) than here ({devices.NumericProfile}), " +
                "which would change its result: resume it where it was begun, or start a new run");
        }
    }
}
