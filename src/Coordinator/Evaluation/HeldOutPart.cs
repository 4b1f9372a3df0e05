using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Evaluation;

/// <summary>
/// How rankings order the networks that a search of the same split never sees, beside the structural baselines and the regressions on
/// structure that are fitted on the search set.
/// </summary>
/// <param name="Evaluation">The figures on the held-out set.</param>
/// <param name="Search">Size of the search set, with which it shares no network.</param>
/// <param name="Configuration">What determines the split.</param>
public sealed record HeldOutPart(BenchmarkEvaluation Evaluation, SetSize Search, SearchConfiguration Configuration)
{
    /// <summary>The seed of the split; null where the search set is not drawn.</summary>
    public ulong? SplitSeed => Configuration is { SearchIds.IsEmpty: true, Sampling: Sampling.Drawn }
        ? Configuration.SplitSeed ?? Configuration.Seed
        : null;

    /// <summary>The evaluation of rankings on what a split holds out.</summary>
    /// <param name="name">What the table calls the benchmark.</param>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="configuration">What determines the split, how networks are probed, and by which truth proxies are judged.</param>
    /// <param name="sample">The benchmark, split.</param>
    /// <param name="scored">Proxies, with a score of each held-out architecture.</param>
    public static HeldOutPart Of(
        string name, Benchmark benchmark, SearchConfiguration configuration, SearchSample sample, IEnumerable<ScoredProxy> scored)
    {
        var structure = new FittedStructure(
            new StructuralBaselines(benchmark, configuration.SequenceLength), sample.Search, configuration.Seed);
        var baselines = BaselineRanking.AllOf(structure, sample.HeldOut)
            .Select(baseline => new ScoredProxy(baseline.Name, ProxyKind.Baseline, baseline.HeldOut));
        return new HeldOutPart(
            BenchmarkEvaluation.Of(name, benchmark, configuration, sample.HeldOut, [.. baselines, .. scored], configuration.Seed),
            SetSize.Of(sample.Search), configuration);
    }
}
