using System.Diagnostics;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Models;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Embedded;

/// <summary>How this process works on a run; none of it changes the result.</summary>
/// <param name="Threads">Architectures computed side by side.</param>
/// <param name="MemoryBudget">Bytes for the inputs of architectures.</param>
/// <param name="CreateEvaluator">Makes the term evaluator of a thread.</param>
/// <param name="TimeLimit">The run is paused after so much time in this process, if set.</param>
public sealed record RunOptions(int Threads, long MemoryBudget, Func<ITermEvaluator> CreateEvaluator, TimeSpan? TimeLimit);

/// <summary>
/// The embedded shell: works on one run in this process, from where the database says it stands to its end, a pause or
/// a stop. Every decision of the search is stored before its effect is carried out.
/// </summary>
public sealed class EmbeddedRun : IAsyncDisposable
{
    private const int EventsPerSnapshot = 100;
    private static readonly TimeSpan CommandInterval = TimeSpan.FromMilliseconds(200);

    private readonly Database database;
    private readonly RunRecord run;
    private readonly RunStore runs;
    private readonly RunControl control;
    private readonly TermStore terms;
    private readonly IDisposable lease;
    private readonly DevicePool devices;
    private readonly SearchProcess process;
    private readonly RunOptions options;
    private readonly IProgress<RunProgress> observer;
    private readonly HallOfFameFiles hallOfFame;
    private readonly long started = Stopwatch.GetTimestamp();

    private SearchState state = new();
    private long sequence;
    private long nextSnapshot;
    private double secondsWritten;
    private long termHits;
    private long termHitsWritten;
    private long termsNeeded;
    private int evaluations;
    private volatile SearchCommand? asked;
    private volatile CancellationTokenSource interrupt = new();

    /// <summary>Takes the run for this process.</summary>
    /// <exception cref="StorageException">There is no such run, or another process owns it.</exception>
    public EmbeddedRun(Database database, string name, RunOptions options, IProgress<RunProgress> observer)
    {
        this.database = database;
        runs = new RunStore(database);
        control = new RunControl(database);
        terms = new TermStore(database);
        run = runs.Get(name);
        this.options = options;
        this.observer = observer;
        process = new SearchProcess(run.Configuration);
        Benchmark = BenchmarkFile.Parse(run.Benchmark, $"run {name}").Benchmark;
        Sample = SearchSample.Of(Benchmark, run.Configuration);
        hallOfFame = new HallOfFameFiles(run.Output, run.Configuration);
        lease = control.Acquire(name);
        devices = new DevicePool(options.Threads, options.MemoryBudget, options.CreateEvaluator);
    }

    /// <summary>The benchmark that the run searches.</summary>
    public Benchmark Benchmark { get; }

    /// <summary>What it ranks and what it never sees.</summary>
    public SearchSample Sample { get; }

    /// <summary>Works on the run.</summary>
    /// <param name="pause">Pauses the run cleanly, as Ctrl-C does.</param>
    /// <returns>The state in which this process leaves the search.</returns>
    /// <exception cref="StorageException">The devices here have another numeric profile than the run is pinned to.</exception>
    public async Task<SearchState> RunAsync(CancellationToken pause)
    {
        await using var pausing = pause.Register(() => Ask(new PauseSearch()));
        using var stopListening = new CancellationTokenSource();
        var listener = ListenAsync(stopListening.Token);
        try
        {
            var known = await KnownTermsAsync(Sample.Search, TermPlan.For(run.Configuration, process.Pruning));
            (state, sequence) = StoredSearch.Load(runs, run.Name, process);
            nextSnapshot = sequence + EventsPerSnapshot;
            hallOfFame.Write(state);
            await SearchAsync(known);
            if (state.Phase is SearchPhase.Finished or SearchPhase.Stopped && runs.Get(run.Name).Report is null)
            {
                try
                {
                    await WriteReportAsync(known);
                }
                catch (OperationCanceledException) when (asked is not null)
                {
                    // It was asked to end before the report.
                }
            }

            return state;
        }
        finally
        {
            await stopListening.CancelAsync();
            await listener;
        }
    }

    /// <summary>Gives the run back.</summary>
    public async ValueTask DisposeAsync()
    {
        await devices.DisposeAsync();
        lease.Dispose();
        interrupt.Dispose();
    }

    private async Task<KnownTerms> KnownTermsAsync(ArchitectureSet set, TermPlan plan)
    {
        var profile = await devices.NumericProfileAsync;
        var pinned = runs.PinNumericProfile(run.Name, profile);
        if (pinned != profile)
        {
            throw new StorageException($"run '{run.Name}' was begun with other arithmetic ({pinned}) than here ({profile}), which would change its result: resume it where it was begun, or start a new run");
        }

        return new KnownTerms(run.Name, run.Configuration, Benchmark.Sizes, set, profile, terms, devices, plan);
    }

    private async Task SearchAsync(KnownTerms known)
    {
        var fitness = new FitnessFunction(run.Configuration, Sample.Search, known.Table);
        var effect = Carry(state.Phase == SearchPhase.Paused ? new ResumeSearch() : new RecoverSearch());
        while (effect is not null)
        {
            if (Interlocked.Exchange(ref asked, null) is { } command)
            {
                effect = Carry(command);
                continue;
            }

            try
            {
                effect = Carry(await ScoreAsync(effect, known, fitness));
                hallOfFame.Write(state);
                Observe("searching", progress: null);
            }
            catch (OperationCanceledException) when (asked is not null)
            {
                // The command is taken at the head of the loop; this round is scored again when the run goes on.
            }
        }
    }

    private async Task<ReportScores> ScoreAsync(ScoreRound round, KnownTerms known, FitnessFunction fitness)
    {
        var proxies = round.Proposals.Select(proposal => process.Pruning.Judge(proposal.Proxy).Canonical!).ToList();
        var branches = proxies.SelectMany(proxy => proxy.Branches).Distinct().ToList();
        var hits = await known.EnsureAsync(branches, new Relay(progress => Observe("computing terms", progress)), interrupt.Token);
        termHits += hits;
        termsNeeded += (long)branches.Count * Sample.Search.Networks.Length;
        evaluations += proxies.Count;
        return new ReportScores(round.Iteration, round.Round, [.. proxies.Select(fitness.Evaluate)]);
    }

    /// <summary>
    /// Scores the best proxies on the held-out set, which nothing was chosen on, and writes the report. Whatever is asked meanwhile
    /// ends it; a resumed run begins here again.
    /// </summary>
    private async Task WriteReportAsync(KnownTerms search)
    {
        // What ended the search was carried out; what comes from here on is asked of this.
        interrupt = new CancellationTokenSource();
        if (asked is not null)
        {
            return;
        }

        var heldOut = await KnownTermsAsync(Sample.HeldOut, TermPlan.NeededOnce);
        var best = RunReport.BestOf(state);
        var branches = best.SelectMany(member => member.Canonical.Branches).Distinct().ToList();
        termHits += await heldOut.EnsureAsync(branches, new Relay(progress => Observe("scoring the held-out set", progress)), interrupt.Token);
        termsNeeded += (long)branches.Count * Sample.HeldOut.Networks.Length;
        var usage = Usage();
        var finished = runs.Get(run.Name);
        finished = finished with { Seconds = finished.Seconds + usage.Seconds, TermHits = finished.TermHits + usage.TermHits };
        var reported = new ReportedRun(
            run.Name, run.Configuration, Benchmark, Sample, finished.NumericProfile, state,
            new TermCacheUse(finished.TermHits, finished.TermMisses), finished.Seconds,
            new ReportOrigin(DateTime.UtcNow, ProgramVersion.Text, run.BenchmarkDigest, RepeatCommand.Of(run, database)));
        var report = new RunReport(FlexiBertParameters.Count).Create(reported, search.Table, heldOut.Table);
        if (ExhaustiveNote.For(database, run.Configuration, Benchmark, finished.NumericProfile, best.FirstOrDefault()?.Fitness.Rho) is { } standing)
        {
            report = report with { Notes = report.Notes.Add(ExhaustiveNote.Sentence(standing)) };
        }

        ReportFiles.Write(report, run.Output);
        hallOfFame.Write(state, report);
        runs.SaveReport(run.Name, report.ToJson(), usage);
    }

    private ScoreRound? Carry(SearchCommand command)
    {
        var decision = process.Decide(state, command);
        if (!decision.Events.IsEmpty)
        {
            var next = decision.Events.Aggregate(state, process.Apply);
            runs.Append(run.Name, sequence, decision.Events, next.Phase, Usage());
            state = next;
            sequence += decision.Events.Length;
            if (sequence >= nextSnapshot)
            {
                runs.SaveSnapshot(run.Name, sequence, SearchSnapshot.Of(state));
                nextSnapshot = sequence + EventsPerSnapshot;
            }
        }

        return decision.Effect;
    }

    private NewUsage Usage()
    {
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var usage = new NewUsage(seconds - secondsWritten, termHits - termHitsWritten);
        secondsWritten = seconds;
        termHitsWritten = termHits;
        return usage;
    }

    /// <summary>Turns the commands of other processes and the time limit into commands of the search.</summary>
    private async Task ListenAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(CommandInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                foreach (var command in control.Receive(run.Name))
                {
                    Ask(command == RunCommand.Pause ? new PauseSearch() : new StopSearch(StopSearch.ByCommand));
                }

                if (options.TimeLimit is { } limit && Stopwatch.GetElapsedTime(started) >= limit)
                {
                    Ask(new PauseSearch());
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the run has ended
        }
        catch (Exception)
        {
            // Nobody reaches a run that cannot listen: it ends with this.
            await interrupt.CancelAsync();
            throw;
        }
    }

    private void Ask(SearchCommand command)
    {
        asked = command;
        interrupt.Cancel();
    }

    private void Observe(string activity, TermProgress? progress) => observer.Report(new RunProgress(
        state, activity, progress, Stopwatch.GetElapsedTime(started).TotalSeconds, evaluations, termHits, termsNeeded,
        Sample.Search.Networks.Length, Sample.HeldOut.Networks.Length));

    // Unlike Progress<T>, in order and on the thread that reports.
    private sealed class Relay(Action<TermProgress> report) : IProgress<TermProgress>
    {
        public void Report(TermProgress value) => report(value);
    }
}
