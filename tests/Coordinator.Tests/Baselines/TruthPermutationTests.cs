using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Tests.Exhaustive;

namespace LPZero.Coordinator.Tests.Baselines;

public sealed class TruthPermutationTests
{
    [Fact]
    public void Truths_move_within_groups_of_equal_layers_and_hidden_size_and_whole_networks_at_a_time()
    {
        var set = MadeUpTerms.Set(80);
        var permuted = TruthPermutation.Of(set, seed: 3, number: 0);

        Assert.NotEqual(set.Truths, permuted.Truths);
        Assert.Equal(Groups(set), Groups(permuted));
        var before = Networks(set).ToList();
        // The truths of a network are those that one network of its group had, together.
        foreach (var (group, truths) in Networks(permuted))
        {
            Assert.Contains((group, truths), before);
        }

        Assert.Equal(set.NetworkOf.AsEnumerable(), permuted.NetworkOf);
        Assert.Equal(set.Architectures.Select(a => a.Id), permuted.Architectures.Select(a => a.Id));

        static List<string> Groups(LPZero.Coordinator.Scoring.ArchitectureSet of) =>
            [.. of.Architectures.Select(a => $"{StructuralBaselines.GroupOf(a)}: {a.Truth}").Order(StringComparer.Ordinal)];

        static IEnumerable<(string Group, string Truths)> Networks(LPZero.Coordinator.Scoring.ArchitectureSet of) =>
            of.Architectures.Select((a, i) => (Architecture: a, Network: of.NetworkOf[i])).GroupBy(each => each.Network)
                .Select(network => (
                    StructuralBaselines.GroupOf(network.First().Architecture),
                    string.Join(' ', network.Select(each => each.Architecture.Truth))));
    }

    [Fact]
    public void The_same_seed_and_number_give_the_same_order_and_others_another()
    {
        var set = MadeUpTerms.Set(60);
        Assert.Equal(TruthPermutation.Of(set, 3, 5).Truths, TruthPermutation.Of(set, 3, 5).Truths);
        Assert.NotEqual(TruthPermutation.Of(set, 3, 5).Truths, TruthPermutation.Of(set, 3, 6).Truths);
        Assert.NotEqual(TruthPermutation.Of(set, 3, 5).Truths, TruthPermutation.Of(set, 4, 5).Truths);
    }

    [Fact]
    public void A_network_without_another_one_like_it_keeps_its_truth()
    {
        var set = MadeUpTerms.Set(4);
        Assert.InRange(TruthPermutation.Movable(set), 0, set.Networks.Length);
        var all = MadeUpTerms.Set(200);
        Assert.InRange(TruthPermutation.Movable(all), all.Networks.Length / 2, all.Networks.Length);
        var alone = set with { Architectures = [set.Architectures[0]], NetworkOf = [0] };
        Assert.Equal(0, TruthPermutation.Movable(alone));
        Assert.Equal(alone.Truths, TruthPermutation.Of(alone, 1, 0).Truths);
    }

    [Fact]
    public void The_p_value_counts_the_permutations_with_a_winner_as_good_and_is_never_0()
    {
        var test = new PermutationTest(0.9, [0.5, 0.9, 0.95, 0.2], Networks: 10, Movable: 8);
        Assert.Equal((2, 3 / 5.0), (test.AsGood, test.PValue));
        Assert.Equal(1 / 4.0, (test with { Best = [0.1, 0.2, 0.3] }).PValue);
    }
}
