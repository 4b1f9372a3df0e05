using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Exhaustive;

namespace LPZero.Seed.CommandLine;

/// <summary>Scores one proxy on every architecture of a benchmark.</summary>
/// <param name="terms">Who computes terms.</param>
internal sealed class ScoreUseCase(ITermCollector terms)
{
    /// <summary>The architectures, and the score of each in their order.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="configuration">How its networks are probed, and how their terms become scores.</param>
    /// <param name="proxy">The proxy.</param>
    /// <param name="interrupt">Ends it.</param>
    /// <exception cref="SearchServiceException">The terms cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<(ArchitectureSet Set, double[] Scores)> RunAsync(
        Benchmark benchmark, SearchConfiguration configuration, CanonicalProxy proxy, CancellationToken interrupt)
    {
        var set = ArchitectureSet.Of(benchmark.Architectures, configuration.ShapesOn(benchmark));
        var probe = configuration.Probe(benchmark.Sizes);
        var profile = await terms.EnsureTermsAsync(
            new WantedTerms(set.Networks, probe, [.. proxy.Branches.Distinct()]), progress: null, interrupt);
        var known = new TermTables(
            terms, profile, set, probe, TermPlan.NeededOnce, (configuration.ElementReduction, configuration.TensorReduction));
        await known.EnsureAsync([.. proxy.Branches], progress: null, interrupt);
        return (set, ProxyScores.Of(set, known.Table, proxy, configuration.LayerReductions[0]));
    }
}
