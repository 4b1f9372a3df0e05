using System.Globalization;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Search;
using LPZero.Seed.Evaluation;
using LPZero.Seed.Reporting;
using Spectre.Console;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// How one proxy ranks the networks that a search of the same split never sees, beside the structural baselines and the regressions on
/// structure that are fitted on the search set.
/// </summary>
/// <param name="Evaluation">The figures on the held-out set.</param>
/// <param name="Search">Size of the search set, with which it shares no network.</param>
/// <param name="Configuration">What determines the split.</param>
internal sealed record HeldOutScore(BenchmarkEvaluation Evaluation, SetSize Search, SearchConfiguration Configuration)
{
    /// <summary>Scores the held-out set by itself, as a predictor's ranks are among the architectures that are scored together.</summary>
    /// <param name="useCase">Scores; what the whole benchmark took is at hand.</param>
    /// <param name="asked">The benchmark, its split, and how its networks are probed.</param>
    /// <param name="chosen">One proxy.</param>
    /// <param name="onAll">The proxy with its scores of the whole benchmark.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    /// <exception cref="LPZero.Messages.Control.SearchServiceException">The terms or scores cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static async Task<HeldOutScore> OfAsync(
        ScoreUseCase useCase, EvaluatedBenchmark asked, ProxyChoices chosen, ScoredProxy onAll, CancellationToken interrupt)
    {
        var (benchmark, configuration) = (asked.Benchmark, asked.Configuration);
        var (search, heldOut) = SearchSample.Of(benchmark, configuration);

        // Where all networks are in the search set, there is nothing to score.
        var scored = heldOut.Architectures.IsEmpty
            ? onAll with { Scores = [] }
            : (await useCase.RunAsync(asked, heldOut, chosen, interrupt))[0];
        return await Task.Run(() =>
        {
            var structure = new FittedStructure(
                new StructuralBaselines(benchmark, configuration.SequenceLength), search, configuration.Seed);
            var baselines = BaselineRanking.AllOf(structure, heldOut)
                .Select(baseline => new ScoredProxy(baseline.Name, ProxyKind.Baseline, baseline.HeldOut));
            return new HeldOutScore(
                BenchmarkEvaluation.Of(asked.Name, benchmark, configuration, heldOut, [.. baselines, scored], configuration.Seed),
                SetSize.Of(search), configuration);
        }, interrupt).WaitAsync(interrupt);
    }

    /// <summary>As JSON has it; docs/json.md names the fields.</summary>
    public object Json() => new
    {
        splitSeed = SplitSeed,
        searchArchitectures = Search.Genotypes,
        searchNetworks = Search.Networks,
        architectures = Evaluation.Ids.Length,
        networks = Evaluation.Networks,
        bestBaseline = Evaluation.BestBaseline?.Proxy.Name,
        smallestDifference = Finite(Evaluation.BestMinusBaseline?.SmallestShown),
        rows = EvaluationFormats.Rows(Evaluation, isCompared: false),
    };

    /// <summary>Writes by what they are held out, and the table of evaluate.</summary>
    public void Write(IAnsiConsole console)
    {
        console.Profile.Out.Writer.WriteLine(
            $"held out: {Figures.Size(Evaluation.Size)}, none of them in the search set: {Figures.Size(Search)}, {SearchedAs}");
        EvaluationText.Write([Evaluation], console);
    }

    /// <summary>The seed of the split; null where the search set is not drawn.</summary>
    private ulong? SplitSeed => Configuration is { SearchIds.IsEmpty: true, Sampling: Sampling.Drawn }
        ? Configuration.SplitSeed ?? Configuration.Seed
        : null;

    private string SearchedAs => SplitSeed is { } seed ? string.Create(CultureInfo.InvariantCulture, $"drawn with split seed {seed}")
        : Configuration.SearchIds.IsEmpty ? "the first of the benchmark"
        : "those of --search-ids";
}
