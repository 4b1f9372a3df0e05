using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Actors;

/// <summary>Networks of which terms are wanted, with how they are probed and the batches that hold them.</summary>
/// <param name="networks">The networks, in the order of a table of theirs.</param>
/// <param name="probe">How they are probed.</param>
/// <param name="batches">Their batches.</param>
/// <param name="nameOf">What people call the network of an index.</param>
internal sealed class ProbedSet(
    ImmutableArray<Genotype> networks, ProbeSettings probe, ArchitectureBatches batches, Func<int, string> nameOf)
{
    public ImmutableArray<ProbedNetwork> Targets { get; } = [.. networks.Select(network => new ProbedNetwork(network, probe))];

    public ImmutableArray<string> Batches { get; } = [.. networks.Select(batches.KeyOf)];

    /// <summary>Fills a table with the terms that the cache holds, and returns it.</summary>
    public async Task<TermTable> LoadTermsAsync(TermTable table, ITermCache cache, string numericProfile)
    {
        var network = 0;
        await foreach (var blocks in ReadAhead.InOrderAsync(Targets, target => cache.LoadAsync(target.Key(numericProfile))))
        {
            foreach (var block in blocks)
            {
                table.Add(network, block);
            }

            network++;
        }

        return table;
    }

    /// <summary>Asks for the set's terms.</summary>
    public RequestRound Requests(TermTable table, TermPlan plan, CoordinatorSettings settings, Func<ProbedNetwork, double> workOf) =>
        new(table, Targets, Batches, plan, settings, Random.Shared.NextInt64(long.MaxValue / 2)) { WorkOf = workOf };

    /// <summary>Names a request that nobody will answer: the network and what was asked.</summary>
    public string Describe(HopelessRequest hopeless)
    {
        if (hopeless.Wanted.IsEmpty)
        {
            return $"{nameOf(hopeless.Network)}: {hopeless.Reason}";
        }

        var asked = string.Create(CultureInfo.InvariantCulture,
            $"input {string.Join(", ", hopeless.Wanted.Select(set => set.Input))}, " +
            $"{hopeless.Wanted.Sum(set => set.Chains.Length)} chains of operations");
        return $"{nameOf(hopeless.Network)}, {asked}: {hopeless.Reason}";
    }
}
