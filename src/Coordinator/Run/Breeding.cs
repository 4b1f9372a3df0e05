using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Randomness;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Run;

/// <summary>
/// Chooses the proxies to score next: for the first population the known proxies and random draws, then offspring of the best by
/// crossover and mutation (LPZero, arXiv 2410.04808, algorithm 1), each passed through the pruning rules.
/// </summary>
/// <param name="configuration">The run's.</param>
/// <param name="pruning">The rules.</param>
public sealed class Breeding(SearchConfiguration configuration, RuleBasedPruning pruning)
{
    private const int BreedingAttempts = 50;
    private const int DrawAttempts = 100_000;

    private readonly Genome genome = new(configuration);

    /// <summary>The next proposals; fewer than asked for, and possibly none, only where the space holds no further proxy.</summary>
    /// <param name="state">Where the search stands.</param>
    /// <param name="count">How many to propose.</param>
    /// <param name="random">The generator; its state afterwards belongs in the event.</param>
    /// <param name="ruleHits">Counts how often each rule acted.</param>
    public ImmutableArray<Proposal> Propose(SearchState state, int count, ref SplittableRandom random, IDictionary<string, int> ruleHits)
    {
        var round = new Round(pruning, state, ruleHits);
        var proposals = ImmutableArray.CreateBuilder<Proposal>(count);
        if (state.Round == 0)
        {
            proposals.AddRange(configuration.StartWith.Select(genome.Fit).Where(round.Admits).Take(count)
                .Select(proxy => new Proposal(proxy, ProposalOrigin.Given)));
        }

        var breeds = state.IsPopulated && configuration.Strategy == SearchStrategy.Evolution;
        while (proposals.Count < count)
        {
            var proposal = breeds ? Breed(state, round, ref random) : Draw(round, ProposalOrigin.Drawn, ref random);
            if (proposal is null)
            {
                break;
            }

            proposals.Add(proposal);
        }

        return proposals.ToImmutable();
    }

    private Proposal? Breed(SearchState state, Round round, ref SplittableRandom random)
    {
        for (var attempt = 0; attempt < BreedingAttempts; attempt++)
        {
            var offspring = Offspring(state, ref random);
            if (round.Admits(offspring))
            {
                return new Proposal(offspring, ProposalOrigin.Bred);
            }
        }

        return Draw(round, ProposalOrigin.Regenerated, ref random);
    }

    private Proxy Offspring(SearchState state, ref SplittableRandom random)
    {
        // The best tenth, and of a small population two: there must be two different parents. Of 80 members the best 8, of 10 the best 2.
        var candidates = Math.Max(
            2, (int)Math.Round(configuration.TournamentRatio * state.Population.Length, MidpointRounding.AwayFromZero));
        var first = random.Next(candidates);
        var second = random.Next(candidates - 1);

        // One of the others, each with equal chance: with first = 2 of four, the draws 0, 1, 2 are 0, 1, 3.
        second += second >= first ? 1 : 0;

        Span<int> genes = stackalloc int[genome.Count];
        genome.Read(state.Population[first].Proxy, genes);
        if (random.NextBool(configuration.CrossoverRate))
        {
            Span<int> other = stackalloc int[genome.Count];
            genome.Read(state.Population[second].Proxy, other);

            // Uniform crossover, gene by gene: of exp(A) + log(W) and abs(H) * sqrt(J) may come exp(H) * log(J).
            for (var i = 0; i < genes.Length; i++)
            {
                genes[i] = random.Next(2) == 0 ? genes[i] : other[i];
            }
        }

        if (random.NextBool(configuration.MutationRate))
        {
            Mutate(genes, ref random);
        }

        return genome.Express(genes);
    }

    /// <summary>Redraws one to three different genes; a gene may draw the value that it had.</summary>
    private void Mutate(Span<int> genes, ref SplittableRandom random)
    {
        Span<int> positions = stackalloc int[genes.Length];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = i;
        }

        // The first few of a shuffled row are different, and every choice of them is as likely: of (3, 0, 4, 1, 2) the genes 3 and 0.
        random.Shuffle(positions);
        foreach (var position in positions[..(1 + random.Next(3))])
        {
            genes[position] = genome.Draw(position, ref random);
        }
    }

    private Proposal? Draw(Round round, ProposalOrigin origin, ref SplittableRandom random)
    {
        Span<int> genes = stackalloc int[genome.Count];
        for (var attempt = 0; attempt < DrawAttempts; attempt++)
        {
            for (var i = 0; i < genes.Length; i++)
            {
                genes[i] = genome.Draw(i, ref random);
            }

            var proxy = genome.Express(genes);
            if (round.Admits(proxy))
            {
                return new Proposal(proxy, origin);
            }
        }

        return null;
    }

    /// <summary>The rules in force for one round: no proxy that is refused, known or proposed already.</summary>
    private sealed class Round
    {
        private readonly RuleBasedPruning pruning;
        private readonly SearchState state;
        private readonly IDictionary<string, int> ruleHits;
        private readonly HashSet<CanonicalProxy> taken;

        public Round(RuleBasedPruning pruning, SearchState state, IDictionary<string, int> ruleHits)
        {
            this.pruning = pruning;
            this.state = state;
            this.ruleHits = ruleHits;
            taken = [.. state.Population.Select(m => m.Canonical)];
        }

        public bool Admits(Proxy proxy)
        {
            var verdict = pruning.Judge(proxy);
            if (verdict.Refusal is { } refusal)
            {
                Count(refusal);
                return false;
            }

            var canonical = verdict.Canonical!;
            if (state.KnownInvalid.Contains(canonical))
            {
                Count(Rules.KnownInvalid);
                return false;
            }

            if (!taken.Add(canonical))
            {
                Count(Rules.InPopulation);
                return false;
            }

            foreach (var rule in verdict.Rewrites)
            {
                Count(rule);
            }

            return true;
        }

        private void Count(PruningRule rule) => ruleHits[rule.Name] = ruleHits.TryGetValue(rule.Name, out var hits) ? hits + 1 : 1;
    }
}
