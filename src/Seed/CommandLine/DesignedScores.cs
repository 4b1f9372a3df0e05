using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.CommandLine;

/// <summary>Scores architectures with proxies that people designed.</summary>
/// <param name="terms">Who computes scores.</param>
/// <param name="progress">Told how far it has come; null where nobody wants to know.</param>
internal sealed class DesignedScores(ITermCollector terms, IProgress<TermProgress>? progress)
{
    /// <summary>
    /// What each proxy says of the architectures, in their order, and what a network took. One that is not defined on some of the networks
    /// is not defined.
    /// </summary>
    /// <param name="benchmark">Where the architectures are from.</param>
    /// <param name="configuration">How its networks are probed.</param>
    /// <param name="set">The architectures.</param>
    /// <param name="ids">The proxies.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    /// <exception cref="SearchServiceException">The scores cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<ImmutableArray<ScoredProxy>> OfAsync(
        Benchmark benchmark, SearchConfiguration configuration, ArchitectureSet set, ImmutableArray<string> ids,
        CancellationToken interrupt)
    {
        var ofNetworks = await terms.ScoresAsync(
            new WantedScores(set.Networks, configuration.Probe(benchmark.Sizes), ids), progress, interrupt);
        return [.. ids.Select((id, index) => Of(id, [.. ofNetworks.Select(scores => scores[index])], set))];
    }

    private static ScoredProxy Of(string id, ImmutableArray<ProxyScore> ofNetworks, ArchitectureSet set)
    {
        var seconds = ofNetworks.Average(score => score.Seconds);
        var undefined = ofNetworks.Where(score => score.Value is null).ToList();
        return undefined.Count == 0
            ? new ScoredProxy(id, ProxyKind.Designed, [.. set.NetworkOf.Select(network => ofNetworks[network].Value!.Value)], seconds)
            : new ScoredProxy(id, ProxyKind.Designed, [], seconds, undefined.Count == ofNetworks.Length
                ? undefined[0].Reason
                : string.Create(
                    CultureInfo.InvariantCulture, $"on {undefined.Count} of {ofNetworks.Length} networks: {undefined[0].Reason}"));
    }
}
