using System.Collections.Immutable;
using System.Diagnostics;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>A choice among options that is asked for.</summary>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Configuration">The space, and the split.</param>
/// <param name="Considered">The options to choose among.</param>
/// <param name="Folds">Folds of the cross-validation, by network.</param>
/// <param name="Threads">Spaces ranked side by side.</param>
/// <param name="Output">The folder for choice and report; null for one named by the choice's key.</param>
/// <param name="Command">What a reader of the report types to do the same again.</param>
internal sealed record ChooseRequest(
    Benchmark Benchmark, SearchConfiguration Configuration, ImmutableArray<ChoosingOption> Considered, int Folds, int Threads,
    string? Output, string Command);

/// <summary>
/// Chooses reductions and selection by cross-validation on the search set, then scores the held-out set once. The folder is this
/// machine's, wherever the terms are computed.
/// </summary>
/// <param name="terms">Who computes terms.</param>
/// <param name="display">Told how far it has come.</param>
internal sealed class ChooseUseCase(ITermCollector terms, ExhaustiveDisplay display)
{
    /// <summary>Chooses, and writes choice and report into the folder.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="interrupt">Ends it; the terms that are known by then stay known.</param>
    /// <returns>The choice, as it is printed.</returns>
    /// <exception cref="UsageException">The folder holds the results of something else.</exception>
    /// <exception cref="SearchServiceException">The terms cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<ChoiceJson> RunAsync(ChooseRequest asked, CancellationToken interrupt)
    {
        var started = Stopwatch.GetTimestamp();
        var configuration = asked.Configuration;
        // One pass over the devices and one reading of the cache serve every reduction.
        var split = await SplitTerms.OpenAsync(
            asked.Benchmark, configuration, terms, display, interrupt, TermTables.EveryReduction);
        var name = $"choice-{ExhaustiveKey.Of(configuration, asked.Benchmark, split.NumericProfile)[..12]}";
        var folder = asked.Output ?? Path.Combine("runs", name);
        OutputFolder.Take(folder, $"the choice {name}", goesOn: true);

        ImmutableArray<Branch> searched =
        [
            .. Enum.GetValues<Reduction>().SelectMany(elements => CrossValidation.Branches(configuration, elements)).Distinct(),
        ];
        await split.Search.EnsureAsync(searched, display, interrupt);
        var tables = TermTables.EveryReduction.ToDictionary(way => way, way => split.Search.TableOf(way.Elements, way.Tensors));
        var structures = new StructuralBaselines(asked.Benchmark, configuration.SequenceLength);
        var validation = new CrossValidation(configuration, asked.Considered, split.Sample.Search, structures, tables, asked.Folds);
        var candidates = await Task.Run(() => RankAll(validation, asked.Threads, interrupt), interrupt);
        var validated = await Task.Run(() => ValidateAll(validation, candidates, asked.Threads, interrupt), interrupt);
        var chosen = CrossValidation.Choose(validated);

        // The choice is on disk before the held-out set is looked at.
        Write(folder, ChoiceJson.Of(configuration, validated, chosen, heldOutRhos: []));

        var forms = new PredictorForms(configuration.Combine);
        ImmutableArray<Branch> heldOut =
        [
            .. validated.SelectMany(option => option.Predictor.Proxies).Append(chosen.BestProxy)
                .SelectMany(proxy => forms.Of(proxy).Branches).Distinct(),
        ];
        await split.HeldOut.EnsureAsync(heldOut, display, interrupt);
        ImmutableArray<double> heldOutRhos =
        [
            .. validated.Select(option => Spearman.Rho(
                PredictorScores.Of(
                    option.Predictor, split.Sample.HeldOut, structures.Of, way => split.HeldOut.TableOf(way.Elements, way.Tensors),
                    forms),
                split.Sample.HeldOut.Truths)),
        ];
        var report = ChoiceReport.Create(
            name, asked.Command, split, validated, heldOutRhos, chosen, Stopwatch.GetElapsedTime(started).TotalSeconds);
        ReportFiles.Write(report, folder);
        var choice = ChoiceJson.Of(configuration, validated, chosen, heldOutRhos) with
        {
            HeldOut = HeldOutJson.Of(report.Best?.HeldOut, report.HeldOut),
            Output = Path.GetFullPath(folder),
        };
        Write(folder, choice);
        return choice;
    }

    /// <summary>The options that find a valid proxy, in their order.</summary>
    private static ImmutableArray<ValidatedOption> ValidateAll(
        CrossValidation validation, Dictionary<RankingTask, ImmutableArray<Candidate>> candidates, int threads, CancellationToken interrupt)
    {
        var validated = new ValidatedOption?[validation.Options.Length];
        Parallel.For(0, validated.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = interrupt },
            i => validated[i] = validation.Validate(validation.Options[i], candidates));
        return [.. validated.OfType<ValidatedOption>()];
    }

    private static void Write(string folder, ChoiceJson choice) =>
        AtomicFile.Write(Path.Combine(folder, "choice.json"), ChoiceJson.Text(choice));

    private Dictionary<RankingTask, ImmutableArray<Candidate>> RankAll(CrossValidation validation, int threads, CancellationToken interrupt)
    {
        var candidates = new ImmutableArray<Candidate>[validation.Tasks.Length];
        var done = 0;
        Parallel.For(0, candidates.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = interrupt }, i =>
        {
            candidates[i] = validation.Run(validation.Tasks[i]);
            display.ReportRankings(Interlocked.Increment(ref done), candidates.Length);
        });
        return Enumerable.Range(0, candidates.Length).ToDictionary(i => validation.Tasks[i], i => candidates[i]);
    }
}
