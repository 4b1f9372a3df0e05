using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Exhaustive;

namespace LPZero.Seed.Tests.Exhaustive;

public sealed class TermTablesTests
{
    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        BatchSize = 2,
        SequenceLength = 16,
        SearchArchitectures = 10,
    };
    private static readonly Branch[] Wanted = [new(InputKind.W, Chain.Empty), new(InputKind.A, Chain.Of(UnaryOperation.Square))];
    private static readonly ArchitectureSet Set = SearchSample.Of(SmallBenchmark.Create(), Configuration).Search;

    private readonly PlainTerms terms = new();

    [Fact]
    public async Task One_asking_serves_every_reduction()
    {
        var all = await TablesAsync(
            [.. Enum.GetValues<Reduction>().SelectMany(elements => Enum.GetValues<Reduction>().Select(tensors => (elements, tensors)))]);
        var asked = terms.Asked.Count;
        await all.EnsureAsync(Wanted, progress: null, CancellationToken.None);
        Assert.Equal(asked + 1, terms.Asked.Count);

        foreach (var elements in Enum.GetValues<Reduction>())
        {
            foreach (var tensors in Enum.GetValues<Reduction>())
            {
                var alone = await TablesAsync((elements, tensors));
                await alone.EnsureAsync(Wanted, progress: null, CancellationToken.None);
                for (var network = 0; network < Set.Networks.Length; network++)
                {
                    foreach (var branch in Wanted)
                    {
                        Assert.Equal(alone.Table.LayerValues(branch, network).ToArray(),
                            all.TableOf(elements, tensors).LayerValues(branch, network).ToArray());
                    }
                }
            }
        }
    }

    [Fact]
    public async Task What_is_known_is_not_asked_for_again()
    {
        var tables = await TablesAsync((Reduction.Mean, Reduction.Mean));
        await tables.EnsureAsync(Wanted, progress: null, CancellationToken.None);
        var asked = terms.Asked.Count;

        await tables.EnsureAsync([Wanted[1]], progress: null, CancellationToken.None);
        Assert.Equal(asked, terms.Asked.Count);
        await tables.EnsureAsync([.. Wanted, new Branch(InputKind.S, Chain.Empty)], progress: null, CancellationToken.None);
        Assert.Equal(["S"], terms.Asked.Last().Branches.Select(branch => branch.ToString()));
    }

    private async Task<TermTables> TablesAsync(params (Reduction, Reduction)[] reductions)
    {
        var probe = Configuration.Probe(SmallBenchmark.Create().Sizes);
        var profile = await terms.EnsureTermsAsync(new(Set.Networks, probe, []), progress: null, CancellationToken.None);
        return new TermTables(terms, profile, Set, probe, TermPlan.OnlyNeeded, [.. reductions]);
    }
}
