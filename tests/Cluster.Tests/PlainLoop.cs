using System.Collections.Immutable;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests;

/// <summary>
/// What every engine is compared with: a loop round the search's core that asks for a round's terms one after the other, with no actor, no
/// store and no thread.
/// </summary>
internal static class PlainLoop
{
    /// <summary>The events of a run from its start to its end.</summary>
    /// <param name="configuration">What determines it.</param>
    /// <param name="benchmark">What it searches on.</param>
    /// <param name="evaluate">The terms of a network.</param>
    public static ImmutableArray<SearchEvent> Events(
        SearchConfiguration configuration, Benchmark benchmark, Func<ProbedNetwork, ChainSet, TermBlock> evaluate)
    {
        var process = new SearchProcess(configuration);
        var set = SearchSample.Of(benchmark, configuration).Search;
        var table = new TermTable(set.Networks.Length, configuration.ElementReduction, configuration.TensorReduction);
        var probe = configuration.Probe(benchmark.Sizes);
        var fitness = new FitnessFunction(configuration, set, table);
        var events = ImmutableArray.CreateBuilder<SearchEvent>();
        var state = new SearchState();
        SearchCommand command = new StartSearch(BenchmarkDigest.Of(benchmark), [.. set.Architectures.Select(a => a.Id)]);
        while (true)
        {
            var decision = process.Decide(state, command);
            events.AddRange(decision.Events);
            state = decision.Events.Aggregate(state, process.Apply);
            if (decision.Effect is not { } round)
            {
                return events.ToImmutable();
            }

            var proxies = round.Proposals.Select(proposal => process.Pruning.Judge(proposal.Proxy).Canonical!).ToList();
            foreach (var branch in proxies.SelectMany(proxy => proxy.Branches))
            {
                for (var network = 0; network < set.Networks.Length; network++)
                {
                    if (!table.Knows(branch, network))
                    {
                        table.Add(
                            network, evaluate(new ProbedNetwork(set.Networks[network], probe), new ChainSet(branch.Input, [branch.Chain])));
                    }
                }
            }

            command = new ReportScores(round.Iteration, round.Round, [.. proxies.Select(fitness.Evaluate)]);
        }
    }
}
