using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Reporting;

/// <summary>
/// The answer of a run: the ranking that its configuration asks for, made of its best proxies and of the structure on the search set alone.
/// </summary>
public static class RunAnswer
{
    /// <summary>
    /// The answer; the best proxy where the rule needs a regression that so few networks do not allow. Null where no proxy was found.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="structure">What the structure of its search set says.</param>
    /// <param name="search">Terms of the search set, those of <see cref="ReportedRun.Best"/>.</param>
    public static Predictor? Of(ReportedRun run, FittedStructure structure, TermTable search)
    {
        if (run.Best.IsEmpty)
        {
            return null;
        }

        var root = RootOf(run, structure, search);
        return new Predictor(
            run.Name, run.Benchmark.Architectures[0].Genotype.Space, root,
            root.Proxies.IsEmpty ? null : PredictorProbes.Of(run.Configuration));
    }

    /// <summary>[n] what the answer says of the architectures of one side of the split.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="run">The run.</param>
    /// <param name="structures">What is known of its benchmark's architectures without their networks.</param>
    /// <param name="set">The architectures.</param>
    /// <param name="terms">The terms of the reported proxies on them.</param>
    public static double[] Scores(
        Predictor answer, ReportedRun run, StructuralBaselines structures, ArchitectureSet set, TermTable terms) =>
        PredictorScores.Of(answer.Root, set.Architectures, structures.Of, ScoresOn(run, set, terms));

    private static PredictorGroup RootOf(ReportedRun run, FittedStructure on, TermTable search)
    {
        var configuration = run.Configuration;
        var prefix = configuration.Prefix is { } name ? NamedRankings.Find(name, on) ?? [] : [];
        var selection = new Selection(on, prefix, ScoresOn(run, run.Sample.Search, search));

        // The best by the truth comes first; what is put together is of those that selection found best.
        var best = ProxyParts.Of(run.Best[0].Canonical.ToProxy(), configuration);
        var found = run.Best.OrderByDescending(member => member.Fitness.Compared)
            .Select(member => ProxyParts.Of(member.Canonical.ToProxy(), configuration)).ToList();
        return configuration.Answer == AnswerRule.Proxy && prefix.IsEmpty
            ? PredictorGroup.Of(best)
            : selection.Select(configuration.Answer, configuration.Answer == AnswerRule.Proxy ? [best] : found)
                ?? PredictorGroup.Of(best);
    }

    private static Func<ProxyPart, IReadOnlyList<double>> ScoresOn(ReportedRun run, ArchitectureSet set, TermTable terms)
    {
        var canonical = run.Best.ToImmutableDictionary(
            member => ProxyParts.Of(member.Canonical.ToProxy(), run.Configuration), member => member.Canonical);
        return part => ProxyScores.Of(set, terms, canonical[part], run.Configuration.LayerReductions[0]);
    }
}
