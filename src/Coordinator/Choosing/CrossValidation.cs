using System.Collections.Immutable;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Choosing;

/// <summary>An option, its cross-validated rho, and what it selects on the whole search set.</summary>
/// <param name="Option">The option.</param>
/// <param name="Rho">Mean over the folds of rho on architectures that neither proxy nor ensemble were chosen on.</param>
/// <param name="Folds">Rho on each fold.</param>
/// <param name="Predictor">What it selects on the whole search set.</param>
/// <param name="SearchRho">That predictor's rho on the search set.</param>
public sealed record ValidatedOption(
    ChoosingOption Option, double Rho, ImmutableArray<double> Folds, PredictorGroup Predictor, double SearchRho);

/// <summary>
/// Nested cross-validation by network: for every fold the whole space is ranked on the other folds, the option selects among the best
/// proxies there, and the fold, which took no part in either, says how well that went. Immutable; tasks may run on any threads.
/// </summary>
public sealed class CrossValidation
{
    /// <summary>Best proxies of a ranking among which options select.</summary>
    private const int Candidates = 100;

    private readonly ArchitectureSet set;
    private readonly IReadOnlyDictionary<(Reduction Elements, Reduction Tensors), TermTable> tables;
    private readonly ImmutableArray<NetworkFold> folds;
    private readonly ImmutableDictionary<(bool FewInputs, Reduction Elements, LayerReduction Layers), ProxySpace> spaces;
    private readonly ImmutableArray<ChoosingOption> options;
    private readonly PredictorForms forms;

    /// <summary>Splits the set and lists the rankings that are needed; nothing is ranked yet.</summary>
    /// <param name="configuration">Pruning, length of chains, inputs and seed of the split.</param>
    /// <param name="options">Between what is chosen.</param>
    /// <param name="set">The search set.</param>
    /// <param name="tables">The terms of the search set for every element and tensor reduction.</param>
    /// <param name="folds">Number of folds.</param>
    public CrossValidation(
        SearchConfiguration configuration, ImmutableArray<ChoosingOption> options, ArchitectureSet set,
        IReadOnlyDictionary<(Reduction Elements, Reduction Tensors), TermTable> tables, int folds)
    {
        this.set = set;
        this.tables = tables;
        this.folds = NetworkFolds.Split(set, folds, configuration.SplitSeed ?? configuration.Seed);
        this.options = options;
        forms = new PredictorForms(configuration.Combine);
        spaces = (
            from few in options.Select(option => option.ActivationsWeightsSoftmax).Distinct()
            from elements in Enum.GetValues<Reduction>()
            from layers in Enum.GetValues<LayerReduction>()
            select (few, elements, layers)).ToImmutableDictionary(key => key, key => new ProxySpace(configuration with
            {
                Inputs = key.few ? ChoosingOption.FewInputs : configuration.Inputs,
                ElementReduction = key.elements,
                LayerReductions = [key.layers],
            }));
        Tasks = [.. Enumerable.Range(RankingTask.NothingLeftOut, folds + 1)
            .SelectMany(fold => options.SelectMany(option => RankingTask.Of(option, fold))).Distinct()];
    }

    /// <summary>Every ranking of a space that is needed: for each fold and each way of scoring.</summary>
    public ImmutableArray<RankingTask> Tasks { get; }

    /// <summary>The branches whose terms are needed with an element reduction.</summary>
    public static ImmutableArray<Branch> Branches(SearchConfiguration configuration, Reduction elements) =>
        new ProxySpace(configuration with { ElementReduction = elements }).Branches;

    /// <summary>The best proxies of the whole space on the task's training architectures.</summary>
    public ImmutableArray<Candidate> Run(RankingTask task)
    {
        var training = task.Fold == RankingTask.NothingLeftOut ? set : folds[task.Fold].Training;
        var space = spaces[(task.ActivationsWeightsSoftmax, task.Elements, task.Layers)];
        var criterion = task.StructureFirst
            ? Criterion.Behind(training, [.. training.Architectures.Select(architecture => (double)StratumOf(architecture))])
            : null;
        var ranking = new ExhaustiveRanking(
            space, new RankedSet(training, criterion), tables[(task.Elements, task.Tensors)], task.MinDistinct);
        return [.. ranking.RankAll(Candidates).Best
            .Select(best => new Candidate(space.At(best.Ordinal) with { LayerReduction = task.Layers }, best.Rho))];
    }

    /// <summary>
    /// What every option is worth and what it selects on the whole search set, in their order; an option that finds no
    /// valid proxy is left out.
    /// </summary>
    /// <param name="candidates">What each task gave.</param>
    public ImmutableArray<ValidatedOption> Validate(IReadOnlyDictionary<RankingTask, ImmutableArray<Candidate>> candidates) =>
    [
        .. options.Select(option => Validate(option, candidates)).OfType<ValidatedOption>(),
    ];

    /// <summary>The best option; of equally good ones the first.</summary>
    public static ValidatedOption Choose(IEnumerable<ValidatedOption> validated) =>
        validated.MaxBy(option => option.Rho) ?? throw new ArgumentException("No option found a valid proxy.", nameof(validated));

    private ValidatedOption? Validate(ChoosingOption option, IReadOnlyDictionary<RankingTask, ImmutableArray<Candidate>> candidates)
    {
        var table = tables[(option.Elements, option.Tensors)];
        var rhos = ImmutableArray.CreateBuilder<double>(folds.Length);
        for (var fold = 0; fold < folds.Length; fold++)
        {
            var best = CandidatesOf(option, fold, candidates);
            if (best.Count == 0)
            {
                return null;
            }

            var predictor = Selection.Select(option, best, folds[fold].Training, table, forms);
            var rho = RhoOf(predictor, folds[fold].Test, table);
            rhos.Add(double.IsNaN(rho) ? 0 : rho); // all scores equal: nothing is ranked
        }

        var everything = CandidatesOf(option, RankingTask.NothingLeftOut, candidates);
        if (everything.Count == 0)
        {
            return null;
        }

        var chosen = Selection.Select(option, everything, set, table, forms);
        return new ValidatedOption(option, rhos.Average(), rhos.ToImmutable(), chosen, RhoOf(chosen, set, table));
    }

    private double RhoOf(PredictorGroup predictor, ArchitectureSet ranked, TermTable table) =>
        Spearman.Rho(PredictorScores.Of(predictor, ranked, structureOf: null, _ => table, forms), ranked.Truths);

    /// <summary>The rank of an architecture's structure: by layers, then by hidden size.</summary>
    private static int StratumOf(Architecture architecture) =>
        (architecture.Genotype.LayerCount << 20) + architecture.Genotype.HiddenSize;

    private static List<Candidate> CandidatesOf(
        ChoosingOption option, int fold, IReadOnlyDictionary<RankingTask, ImmutableArray<Candidate>> candidates) =>
    [
        .. RankingTask.Of(option, fold).SelectMany(task => candidates[task])
            .OrderByDescending(candidate => candidate.Rho)
            .Take(Candidates),
    ];
}
