using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LPZero.Coordinator.Randomness;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>How a search of architectures goes on.</summary>
/// <param name="Budget">Networks that are scored at most.</param>
/// <param name="Population">Networks that are drawn first, and of which parents are chosen later; the budget where all are drawn.</param>
/// <param name="Offspring">Networks that are bred before the next are scored.</param>
/// <param name="Measure">What size is measured in.</param>
public sealed record EvolutionSettings(int Budget, int Population, int Offspring, SizeMeasure Measure)
{
    /// <summary>Whether nothing is bred: the search ends with what was drawn first, also where that is less than was asked for.</summary>
    [JsonIgnore]
    public bool DrawsOnly { get; init; }
}

/// <summary>
/// An evolutionary search of architectures that knows their scores alone. The first population is drawn; then the best that were scored are
/// the population, and offspring have the best of three drawn ones for a parent, or, every fourth, a random member of the Pareto front of
/// score and size, so that small networks get better, too. Half of them have a second parent. It asks for scores and is told them:
/// <see cref="Ask"/> and <see cref="Tell"/> in turn, until it asks for nothing. The same seed and scores give the same networks.
/// </summary>
/// <param name="pool">The networks that it may choose.</param>
/// <param name="settings">How it goes on.</param>
/// <param name="seed">Its seed.</param>
public sealed class ArchitectureEvolution(INetworkPool pool, EvolutionSettings settings, ulong seed)
{
    private const int Tournament = 3;
    private const int FrontEvery = 4;
    private const double Crossing = 0.5;

    private readonly HashSet<Genotype> seen = [];
    private SplittableRandom random = new(seed);
    private int bred;

    /// <summary>Every network that was asked about, in that order.</summary>
    public ImmutableArray<SearchedNetwork> Networks { get; private set; } = [];

    /// <summary>[n] their scores, higher is better; NaN is lowest.</summary>
    public ImmutableArray<double> Scores { get; private set; } = [];

    /// <summary>The networks to score next; none at the end.</summary>
    public ImmutableArray<SearchedNetwork> Ask()
    {
        var asked = ImmutableArray.CreateBuilder<SearchedNetwork>();
        var isFirst = Networks.IsEmpty;
        if (settings.DrawsOnly && !isFirst)
        {
            return [];
        }

        int[] population = isFirst ? [] : [.. Order().Take(settings.Population)];
        var front = isFirst
            ? []
            : ParetoFront.Of([.. Networks.Select(network => SizeLimits.SizeOf(network.Structure, settings.Measure))], Scores);
        var count = Math.Min(isFirst ? settings.Population : settings.Offspring, settings.Budget - Networks.Length);
        while (asked.Count < count
            && (isFirst ? pool.Draw(seen, ref random) : Breed(population, front)) is { } network)
        {
            seen.Add(network.Network);
            asked.Add(network);
        }

        Networks = Networks.AddRange(asked);
        return asked.ToImmutable();
    }

    /// <summary>Takes the scores.</summary>
    /// <param name="scores">
    /// [n] of all <see cref="Networks"/>, also of those that were scored before: a ranking may score them anew among others.
    /// </param>
    public void Tell(ImmutableArray<double> scores)
    {
        if (scores.Length != Networks.Length)
        {
            throw new ArgumentException($"{scores.Length} scores are not those of {Networks.Length} networks", nameof(scores));
        }

        Scores = scores;
    }

    private SearchedNetwork? Breed(int[] population, ImmutableArray<int> front)
    {
        var isOfFront = bred++ % FrontEvery == FrontEvery - 1 && front.Length > 0;
        var first = isOfFront ? front[random.Next(front.Length)] : Best(population);
        SearchedNetwork? second = random.NextBool(Crossing) ? Networks[Best(population)] : null;
        return pool.Breed(Networks[first], second, seen, ref random);
    }

    // The population is in order, so the least place is the best.
    private int Best(int[] population)
    {
        var place = population.Length;
        for (var drawn = 0; drawn < Tournament; drawn++)
        {
            place = Math.Min(place, random.Next(population.Length));
        }

        return population[place];
    }

    private IEnumerable<int> Order() => Enumerable.Range(0, Networks.Length)
        .OrderByDescending(i => double.IsNaN(Scores[i]) ? double.NegativeInfinity : Scores[i]);
}
