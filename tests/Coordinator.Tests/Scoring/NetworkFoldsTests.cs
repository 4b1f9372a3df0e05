using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Tests.Exhaustive;

namespace LPZero.Coordinator.Tests.Scoring;

public sealed class NetworkFoldsTests
{
    [Fact]
    public void Every_architecture_is_tested_once_and_no_network_is_on_both_sides_of_a_fold()
    {
        var set = MadeUpTerms.Set(50);

        var folds = NetworkFolds.Split(set, 5, seed: 3);

        Assert.True(set.Networks.Length < set.Architectures.Length);
        Assert.Equal(set.Architectures.Select(a => a.Id).Order(StringComparer.Ordinal),
            folds.SelectMany(fold => fold.Test.Architectures).Select(a => a.Id).Order(StringComparer.Ordinal));
        Assert.All(folds, fold =>
        {
            Assert.Equal(set.Architectures.Length, fold.Training.Architectures.Length + fold.Test.Architectures.Length);
            Assert.Empty(fold.Training.NetworkOf.Intersect(fold.Test.NetworkOf));
            Assert.All(Enumerable.Range(0, fold.Test.Architectures.Length), i => Assert.Equal(
                fold.Test.Architectures[i].Genotype.Resolve(Messages.Architectures.Shapes.AsTrained),
                fold.Test.Networks[fold.Test.NetworkOf[i]]));
        });
    }

    [Fact]
    public void A_seed_splits_the_same_way_again_and_another_seed_another_way()
    {
        var set = MadeUpTerms.Set(50);

        Assert.Equal(Tests(3), Tests(3));
        Assert.NotEqual(Tests(3), Tests(4));

        string Tests(ulong seed) =>
            string.Join('|', NetworkFolds.Split(set, 4, seed).Select(fold => string.Join(' ', fold.Test.Architectures.Select(a => a.Id))));
    }
}
