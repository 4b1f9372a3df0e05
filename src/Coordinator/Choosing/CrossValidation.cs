using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
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
/// <param name="BestProxy">The best of the proxies that it selects among there.</param>
public sealed record ValidatedOption(
    ChoosingOption Option, double Rho, ImmutableArray<double> Folds, PredictorGroup Predictor, double SearchRho, ProxyPart BestProxy);

/// <summary>
/// Nested cross-validation by network: for every fold the whole space is ranked on the other folds, the option selects among the best
/// proxies there, and the fold, which took no part in either, says how well that went. What is fitted on structure is fitted on the other
/// folds too. Immutable; tasks may run, and options be validated, on any threads.
/// </summary>
public sealed class CrossValidation
{
    /// <summary>Best proxies of a ranking among which options select.</summary>
    private const int Candidates = 100;

    private readonly ArchitectureSet set;
    private readonly StructuralBaselines structures;
    private readonly IReadOnlyDictionary<(Reduction Elements, Reduction Tensors), TermTable> tables;
    private readonly ImmutableArray<NetworkFold> folds;
    private readonly ImmutableDictionary<(bool FewInputs, Reduction Elements, LayerReduction Layers), ProxySpace> spaces;
    private readonly ImmutableDictionary<int, FittedStructure> fitted;
    private readonly PredictorForms forms;

    /// <summary>Splits the set and lists the rankings that are needed; nothing is ranked yet.</summary>
    /// <param name="configuration">Pruning, length of chains, inputs and seeds.</param>
    /// <param name="options">Between what is chosen.</param>
    /// <param name="set">The search set.</param>
    /// <param name="structures">What is known of its architectures without their networks.</param>
    /// <param name="tables">The terms of the search set for every element and tensor reduction.</param>
    /// <param name="folds">Number of folds.</param>
    public CrossValidation(
        SearchConfiguration configuration, ImmutableArray<ChoosingOption> options, ArchitectureSet set, StructuralBaselines structures,
        IReadOnlyDictionary<(Reduction Elements, Reduction Tensors), TermTable> tables, int folds)
    {
        this.set = set;
        this.structures = structures;
        this.tables = tables;
        this.folds = NetworkFolds.Split(set, folds, configuration.SplitSeed ?? configuration.Seed);
        Options = options;
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
        var all = Enumerable.Range(RankingTask.NothingLeftOut, folds + 1).ToList();
        fitted = all.ToImmutableDictionary(
            fold => fold, fold => new FittedStructure(structures, TrainingOf(fold), configuration.Seed));
        Tasks = [.. all.SelectMany(fold => options.SelectMany(option => RankingTask.Of(option, fold))).Distinct()];
    }

    /// <summary>Between what is chosen.</summary>
    public ImmutableArray<ChoosingOption> Options { get; }

    /// <summary>Every ranking of a space that is needed: for each fold and each way of scoring.</summary>
    public ImmutableArray<RankingTask> Tasks { get; }

    /// <summary>The branches whose terms are needed with an element reduction.</summary>
    public static ImmutableArray<Branch> Branches(SearchConfiguration configuration, Reduction elements) =>
        new ProxySpace(configuration with { ElementReduction = elements }).Branches;

    /// <summary>
    /// The best proxies of the whole space on the task's training architectures, best first; none where it needs a regression that so few
    /// networks do not allow.
    /// </summary>
    public ImmutableArray<Candidate> Run(RankingTask task)
    {
        var training = TrainingOf(task.Fold);
        if (NeedsRegression(task) && fitted[task.Fold].Regression is null)
        {
            return [];
        }

        var space = spaces[(task.ActivationsWeightsSoftmax, task.Elements, task.Layers)];
        var ranking = new ExhaustiveRanking(
            space, new RankedSet(training, CriterionOf(task)), tables[(task.Elements, task.Tensors)], task.MinDistinct);
        return [.. ranking.RankAll(Candidates).Best
            .Select(best => new Candidate(space.At(best.Ordinal) with { LayerReduction = task.Layers }, best.Rho))];
    }

    /// <summary>What an option is worth and what it selects on the whole search set; null where it finds no valid proxy.</summary>
    /// <param name="option">The option.</param>
    /// <param name="candidates">What each task gave.</param>
    public ValidatedOption? Validate(ChoosingOption option, IReadOnlyDictionary<RankingTask, ImmutableArray<Candidate>> candidates)
    {
        var rhos = ImmutableArray.CreateBuilder<double>(folds.Length);
        for (var fold = 0; fold < folds.Length; fold++)
        {
            if (Select(option, fold, candidates) is not { } selected)
            {
                return null;
            }

            var rho = RhoOf(selected, option, folds[fold].Test);
            rhos.Add(double.IsNaN(rho) ? 0 : rho); // all scores equal: nothing is ranked
        }

        return Select(option, RankingTask.NothingLeftOut, candidates) is { } chosen
            ? new ValidatedOption(
                option, rhos.Average(), rhos.ToImmutable(), chosen, RhoOf(chosen, option, set),
                BestOf(option, RankingTask.NothingLeftOut, candidates)[0])
            : null;
    }

    /// <summary>The best option; of equally good ones the first.</summary>
    public static ValidatedOption Choose(IEnumerable<ValidatedOption> validated) =>
        validated.MaxBy(option => option.Rho) ?? throw new ArgumentException("No option found a valid proxy.", nameof(validated));

    private static bool NeedsRegression(RankingTask task) =>
        task.Fitness != FitnessTarget.Truth || RankingNames.IsFitted(task.Prefix);

    private ArchitectureSet TrainingOf(int fold) => fold == RankingTask.NothingLeftOut ? set : folds[fold].Training;

    private Criterion? CriterionOf(RankingTask task) => task.Prefix is null
        ? Criteria.Of(task.Fitness, fitted[task.Fold])
        : Criteria.Behind(PrefixOf(task.Prefix, task.Fold), fitted[task.Fold]);

    private ImmutableArray<PredictorPart> PrefixOf(string? name, int fold) => name is null ? [] :
        NamedRankings.Find(name, fitted[fold])
        ?? throw new ArgumentException($"No ranking of this space has the name '{name}'.", nameof(name));

    private PredictorGroup? Select(
        ChoosingOption option, int fold, IReadOnlyDictionary<RankingTask, ImmutableArray<Candidate>> candidates)
    {
        var best = BestOf(option, fold, candidates);
        if (best.IsEmpty)
        {
            return null;
        }

        var training = TrainingOf(fold);
        return new Selection(fitted[fold], PrefixOf(option.Ranking.Prefix, fold), proxy => ScoresOf(proxy, option, training))
            .Select(option.Ranking.Rule, best);
    }

    private static ImmutableArray<ProxyPart> BestOf(
        ChoosingOption option, int fold, IReadOnlyDictionary<RankingTask, ImmutableArray<Candidate>> candidates) =>
    [
        .. RankingTask.Of(option, fold).SelectMany(task => candidates[task])
            .OrderByDescending(candidate => candidate.Rho)
            .Take(Candidates)
            .Select(candidate => new ProxyPart(candidate.Proxy.ToProxy(), option.Elements, option.Tensors)),
    ];

    private double RhoOf(PredictorGroup predictor, ChoosingOption option, ArchitectureSet ranked) => Spearman.Rho(
        PredictorScores.Of(predictor, ranked.Architectures, structures.Of, proxy => ScoresOf(proxy, option, ranked)), ranked.Truths);

    private double[] ScoresOf(ProxyPart proxy, ChoosingOption option, ArchitectureSet of) => ProxyScores.Of(
        of, tables[(option.Elements, option.Tensors)], forms.Of(proxy), proxy.Proxy.LayerReduction ?? LayerReduction.Sum);
}
