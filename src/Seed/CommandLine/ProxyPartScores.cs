using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Exhaustive;

namespace LPZero.Seed.CommandLine;

/// <summary>Scores architectures with the proxies of a predictor.</summary>
/// <param name="terms">Who computes terms.</param>
/// <param name="progress">Told how far it has come.</param>
internal sealed class ProxyPartScores(ITermCollector terms, IProgress<TermProgress>? progress)
{
    /// <summary>For each proxy a score of each architecture. One request serves all of them.</summary>
    /// <param name="asked">Where the architectures are from, and how their networks are probed.</param>
    /// <param name="set">The architectures.</param>
    /// <param name="proxies">The proxies, without weight.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    public async Task<ImmutableDictionary<ProxyPart, double[]>> OfAsync(
        EvaluatedBenchmark asked, ArchitectureSet set, ImmutableArray<ProxyPart> proxies, CancellationToken interrupt)
    {
        if (proxies.IsEmpty)
        {
            return ImmutableDictionary<ProxyPart, double[]>.Empty;
        }

        var probe = asked.Configuration.Probe(asked.Benchmark.Sizes);
        var forms = new PredictorForms(asked.Configuration.Combine);
        var profile = await terms.EnsureTermsAsync(new WantedTerms(set.Networks, probe, Branches: []), progress, interrupt);
        var known = new TermTables(
            terms, profile, set, probe, TermPlan.NeededOnce, [.. proxies.Select(part => (part.ElementReduction, part.TensorReduction))]);
        await known.EnsureAsync([.. proxies.SelectMany(part => forms.Of(part).Branches).Distinct()], progress, interrupt);
        return proxies.ToImmutableDictionary(part => part, part => ProxyScores.Of(
            set, known.TableOf(part.ElementReduction, part.TensorReduction), forms.Of(part),
            part.Proxy.LayerReduction ?? LayerReduction.Sum));
    }
}
