using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Exhaustive;

/// <summary>The terms of one set of architectures, in a table for each way to reduce them, from whoever computes terms.</summary>
/// <param name="terms">Who computes them.</param>
/// <param name="numericProfile">What they are computed with.</param>
/// <param name="set">The architectures.</param>
/// <param name="probe">How their networks are probed.</param>
/// <param name="plan">Which terms to ask for.</param>
/// <param name="reductions">The ways to reduce elements and tensors; the first is that of <see cref="Table"/>.</param>
internal sealed class TermTables(
    ITermCollector terms, string numericProfile, ArchitectureSet set, ProbeSettings probe, TermPlan plan,
    params ImmutableArray<(Reduction Elements, Reduction Tensors)> reductions)
{
    private readonly ImmutableArray<TermTable> tables =
        [.. reductions.Distinct().Select(reduction => new TermTable(set.Networks.Length, reduction.Elements, reduction.Tensors))];

    /// <summary>Every way in which the elements and tensors of a layer become a number.</summary>
    public static ImmutableArray<(Reduction Elements, Reduction Tensors)> EveryReduction { get; } =
        [.. Enum.GetValues<Reduction>().SelectMany(elements => Enum.GetValues<Reduction>().Select(tensors => (elements, tensors)))];

    /// <summary>The terms that are known, reduced in the first way.</summary>
    public TermTable Table => tables[0];

    /// <summary>The same terms, reduced in another way.</summary>
    /// <exception cref="InvalidOperationException">The way is not among those that were asked for.</exception>
    public TermTable TableOf(Reduction elements, Reduction tensors) =>
        tables.First(table => (table.Elements, table.Tensors) == (elements, tensors));

    /// <summary>Makes the branches known on every network of the set.</summary>
    /// <param name="branches">The branches.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    /// <exception cref="SearchServiceException">Some of it cannot be computed.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task EnsureAsync(IReadOnlyList<Branch> branches, IProgress<TermProgress>? progress, CancellationToken interrupt)
    {
        // The same branches are known of every network.
        if (set.Networks.IsEmpty || branches.All(branch => Table.Knows(branch, network: 0)))
        {
            return;
        }

        ImmutableArray<Branch> wanted =
            [.. plan.Missing(Table, network: 0, branches)
                .SelectMany(missing => missing.Chains.Select(chain => new Branch(missing.Input, chain)))];
        await terms.EnsureTermsAsync(new WantedTerms(set.Networks, probe, wanted, numericProfile), progress, interrupt);
        ImmutableArray<string> keys = [.. set.Networks.Select(network => new ProbedNetwork(network, probe).Key(numericProfile))];
        var known = 0;
        await foreach (var blocks in terms.TermsAsync(new StoredTerms(keys, [.. branches.Distinct()]), interrupt))
        {
            foreach (var block in blocks)
            {
                foreach (var table in tables)
                {
                    table.Add(known, block);
                }
            }

            known++;
        }
    }
}
