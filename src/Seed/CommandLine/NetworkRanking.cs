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

    /// <summary>Scores those of the networks that are not known yet, and remembers what came out.</summary>
    /// <param name="known">What is known by network.</param>
    /// <param name="networks">The networks.</param>
    /// <param name="asked">How they are probed.</param>
    /// <param name="scoreAsync">Gives what is remembered of each architecture of a set, in its order.</param>
    protected static async Task EnsureAsync<T>(
        Dictionary<Genotype, T> known, ImmutableArray<SearchedNetwork> networks, EvaluatedBenchmark asked,
        Func<ArchitectureSet, Task<IEnumerable<T>>> scoreAsync)
    {
        ImmutableArray<SearchedNetwork> fresh = [.. networks.Where(network => !known.ContainsKey(network.Network))];
        if (fresh.IsEmpty)
        {
            return;
        }

        var set = ArchitectureSet.Of(Architectures(fresh), asked.Configuration.ShapesOn(asked.Benchmark));
        foreach (var (network, score) in fresh.Zip(await scoreAsync(set)))
        {
            known[network.Network] = score;
        }
    }

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
        await EnsureAsync(known, networks, asked, async set =>
        {
            var scores = await proxies.OfAsync(asked, set, group.Proxies, interrupt);
            return set.Architectures.Select((_, i) => scores.ToImmutableDictionary(part => part.Key, part => part.Value[i]));
        });
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
        await EnsureAsync(known, networks, asked, async set =>
        {
            var scored = (await new ScoreUseCase(terms, threads: null, progress).RunAsync(
                asked, set, ProxyChoices.One(Name), interrupt)).Single();
            return scored.Reason is { } reason
                ? throw new UsageException($"{Name}: it is not defined on the networks that were drawn ({reason}); take another ranking")
                : scored.Scores;
        });
        return [.. networks.Select(network => known[network.Network])];
    }
}
