using System.Collections.Immutable;
using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;
using LPZero.Messages.Terms;

namespace LPZero.Seed.CommandLine;

/// <summary>A ranking that a search of architectures goes by. Each network is scored once.</summary>
/// <param name="name">Its name in tables.</param>
/// <param name="kind">What kind of ranking it is, as <c>evaluate</c> says it.</param>
internal abstract class NetworkRanking(string name, string kind)
{
    /// <summary>Its name in tables.</summary>
    public string Name => name;

    /// <summary>What kind of ranking it is, as <c>evaluate</c> says it.</summary>
    public string Kind => kind;

    /// <summary>[n] scores of the networks, higher is better, as they are among one another.</summary>
    /// <exception cref="UsageException">It says nothing of some of the networks.</exception>
    /// <exception cref="SearchServiceException">A score cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public abstract Task<ImmutableArray<double>> ScoreAsync(ImmutableArray<SearchedNetwork> networks, CancellationToken interrupt);

    /// <summary>The networks as architectures, by their own text; the truth is not looked at.</summary>
    protected static IEnumerable<Architecture> Architectures(IEnumerable<SearchedNetwork> networks) =>
        networks.Select(network => new Architecture(network.Network.ToString(), network.Genotype, Truth: 0));
}

/// <summary>A ranking by a predictor: a proxy as an expression, structure, or both.</summary>
/// <param name="name">Its name.</param>
/// <param name="kind">What kind of ranking it is.</param>
/// <param name="group">The predictor.</param>
/// <param name="asked">How networks are probed.</param>
/// <param name="proxies">Scores its proxies.</param>
internal sealed class PredictorRanking(
    string name, string kind, PredictorGroup group, EvaluatedBenchmark asked, ProxyPartScores proxies) : NetworkRanking(name, kind)
{
    private readonly Dictionary<Genotype, ImmutableDictionary<ProxyPart, double>> known = [];

    public override async Task<ImmutableArray<double>> ScoreAsync(
        ImmutableArray<SearchedNetwork> networks, CancellationToken interrupt)
    {
        ImmutableArray<SearchedNetwork> fresh = [.. networks.Where(network => !known.ContainsKey(network.Network))];
        if (!fresh.IsEmpty)
        {
            var set = ArchitectureSet.Of(Architectures(fresh), asked.Configuration.ShapesOn(asked.Benchmark));
            var scores = await proxies.OfAsync(asked, set, group.Proxies, interrupt);
            foreach (var (i, network) in fresh.Index())
            {
                known[network.Network] = scores.ToImmutableDictionary(part => part.Key, part => part.Value[i]);
            }
        }

        var structures = networks.ToDictionary(network => network.Network.ToString(), network => network.Structure);
        return
        [
            .. PredictorScores.Of(
                group, [.. Architectures(networks)], architecture => structures[architecture.Id],
                part => [.. networks.Select(network => known[network.Network][part])]),
        ];
    }
}

/// <summary>A ranking by a proxy that people designed.</summary>
/// <param name="id">Its id.</param>
/// <param name="terms">Who computes scores.</param>
/// <param name="asked">How networks are probed.</param>
/// <param name="progress">Told how far it has come.</param>
internal sealed class DesignedRanking(string id, ITermCollector terms, EvaluatedBenchmark asked, IProgress<TermProgress>? progress)
    : NetworkRanking(id, "designed")
{
    private readonly Dictionary<Genotype, double> known = [];

    public override async Task<ImmutableArray<double>> ScoreAsync(
        ImmutableArray<SearchedNetwork> networks, CancellationToken interrupt)
    {
        ImmutableArray<SearchedNetwork> fresh = [.. networks.Where(network => !known.ContainsKey(network.Network))];
        if (!fresh.IsEmpty)
        {
            var set = ArchitectureSet.Of(Architectures(fresh), asked.Configuration.ShapesOn(asked.Benchmark));
            var scored = (await new ScoreUseCase(terms, threads: null, progress).RunAsync(
                asked, set, ProxyChoices.One(Name), interrupt)).Single();
            if (scored.Reason is { } reason)
            {
                throw new UsageException($"{Name}: it is not defined on the networks that were drawn ({reason}); take another ranking");
            }

            foreach (var (network, score) in fresh.Zip(scored.Scores))
            {
                known[network.Network] = score;
            }
        }

        return [.. networks.Select(network => known[network.Network])];
    }
}
