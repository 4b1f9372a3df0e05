using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Evaluation;

/// <summary>
/// Holds scores against the truths of one set. Every score vector is resampled alike, so that differences are paired.
/// </summary>
/// <param name="set">The set.</param>
/// <param name="seed">Seed of the bootstrap.</param>
/// <param name="resamples">Number of resamples.</param>
public sealed class ProxyEvaluator(
    EvaluatedSet set, ulong seed = ProxyEvaluator.DefaultSeed, int resamples = NetworkBootstrap.DefaultResamples)
{
    /// <summary>The seed where none is chosen.</summary>
    public const ulong DefaultSeed = 42;

    /// <summary>Fewer networks give intervals that say nothing, and ranks that are a matter of luck.</summary>
    public const int FewestNetworks = 4;

    private readonly NetworkBootstrap bootstrap = new(set.Networks, seed, resamples);

    /// <summary>Number of architectures.</summary>
    public int Architectures => set.Truth.Length;

    /// <summary>Number of distinct networks.</summary>
    public int Networks => bootstrap.Networks;

    /// <summary>Why scores have no figures, in one line, or null where they have.</summary>
    /// <param name="scores">[n] scores in the set's order.</param>
    public string? FindProblem(ImmutableArray<double> scores)
    {
        if (Networks < FewestNetworks)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{Networks} {(Networks == 1 ? "network" : "networks")}, and it takes {FewestNetworks} to rank them");
        }

        var broken = scores.Count(score => !double.IsFinite(score));
        if (broken > 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{broken} of {scores.Length} scores are not finite");
        }

        return scores.All(score => score == scores[0]) ? "every architecture has the same score"
            : set.Truth.All(truth => truth == set.Truth[0]) ? "every architecture has the same truth"
            : null;
    }

    /// <summary>The figures of scores.</summary>
    /// <param name="scores">[n] scores in the set's order, without a problem; higher is better.</param>
    public ProxyFigures Evaluate(ImmutableArray<double> scores)
    {
        var span = scores.AsSpan();
        var truth = set.Truth.AsSpan();
        var spearman = new SpearmanAgainst(truth);
        var kendall = new WeightedKendall(span, truth);
        return new ProxyFigures(
            spearman.Rho(span),
            bootstrap.Rho(span, truth),
            spearman.RhoWithTiesAtRandom(span),
            Kendall.TauA(span, truth),
            ConfidenceInterval.Percentile95(bootstrap.Distribution(kendall.TauA)),
            Kendall.TauB(span, truth),
            ConfidenceInterval.Percentile95(bootstrap.Distribution(kendall.TauB)),
            TopPrecision.OfTenth(span, truth),
            Regret.OfTop(span, truth, 1),
            Regret.OfTop(span, truth, 10),
            ClosePairs.Accuracy(span, truth, set.Parameters.AsSpan(), set.Networks),
            PartialSpearman.Rho(span, truth, [.. set.Parameters], [.. set.Layers]));
    }

    /// <summary>How scores rank beside those that others published for the same proxy.</summary>
    /// <param name="scores">[n] scores.</param>
    /// <param name="published">[n] theirs.</param>
    public PublishedRanking Compare(ImmutableArray<double> scores, ImmutableArray<double> published) =>
        FindProblem(published) is null
            ? new PublishedRanking(
                Spearman.Rho(scores.AsSpan(), published.AsSpan()), Spearman.Rho(published.AsSpan(), set.Truth.AsSpan()))
            : new PublishedRanking(double.NaN, double.NaN);

    /// <summary>How scores compare with a baseline's, on the same resamples.</summary>
    /// <param name="scores">[n] scores.</param>
    /// <param name="baseline">The baseline's.</param>
    public RhoDifference Compare(ImmutableArray<double> scores, ScoredRanking baseline)
    {
        var mine = scores.AsSpan();
        var its = baseline.Scores.AsSpan();
        var truth = set.Truth.AsSpan();
        var spearman = new SpearmanAgainst(truth);
        return new RhoDifference(baseline.Name, spearman.Rho(mine) - spearman.Rho(its), bootstrap.RhoDifference(mine, its, truth));
    }
}
