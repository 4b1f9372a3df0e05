using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Tests.Exhaustive;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Baselines;

public class StackedRegressionsTests
{
    [PublicFlexiBertFact]
    public void Fitted_on_a_hundred_public_architectures_it_ranks_the_rest_better_than_the_regression_that_folds_choose()
    {
        var benchmark = PublicFlexiBert.Benchmark();
        var structures = new StructuralBaselines(benchmark, sequenceLength: 128);
        var rhos = Enumerable.Range(0, 5).Select(seed =>
        {
            var sample = SearchSample.Of(
                benchmark, new SearchConfiguration { Preset = "default", SearchArchitectures = 100, Seed = (ulong)seed });
            return (
                Ranking: RhoOf(StackedRegressions.Fit(structures, sample.Search, (ulong)seed)!.Group),
                Regression: RhoOf(StructureRegression.Fit(structures, sample.Search, (ulong)seed)!.Group));

            double RhoOf(PredictorGroup group) => Spearman.Rho(Scores(group, sample.HeldOut, structures), sample.HeldOut.Truths);
        }).ToList();
        Assert.True(rhos.Average(rho => rho.Ranking) > rhos.Average(rho => rho.Regression));
        Assert.True(rhos.Average(rho => rho.Ranking) > 0.935);
    }

    [Fact]
    public void Features_that_act_together_are_found()
    {
        var made = MadeUpTerms.Set(60);
        var structures = MadeUpTerms.Structures(made);
        var depth = made.Architectures.Average(a => Math.Log(1 + a.Genotype.LayerCount));
        var width = made.Architectures.Average(a => Math.Log(1 + a.Genotype.HiddenSize));
        var set = made with
        {
            Architectures =
            [
                .. made.Architectures.Select(a => a with
                {
                    Truth = (Math.Log(1 + a.Genotype.LayerCount) - depth) * (Math.Log(1 + a.Genotype.HiddenSize) - width),
                }),
            ],
        };
        var ranking = Spearman.Rho(Scores(StackedRegressions.Fit(structures, set, 1)!.Group, set, structures), set.Truths);
        var regression = Spearman.Rho(Scores(StructureRegression.Fit(structures, set, 1)!.Group, set, structures), set.Truths);
        Assert.True(ranking > 0.9, $"{ranking}");
        Assert.True(ranking > regression + 0.1, $"{ranking} {regression}");
    }

    [Fact]
    public void What_it_says_of_its_own_architectures_tells_less_than_what_was_fitted_on_them()
    {
        var random = new SplittableRandom(7);
        var made = MadeUpTerms.Set(60);
        var set = made with { Architectures = [.. made.Architectures.Select(a => a with { Truth = random.NextDouble() })] };
        var structures = MadeUpTerms.Structures(set);
        var stacked = StackedRegressions.Fit(structures, set, 1)!;
        Assert.True(
            Spearman.Rho([.. stacked.CrossFitted], set.Truths) < Spearman.Rho(Scores(stacked.Group, set, structures), set.Truths));
    }

    [Fact]
    public void So_few_networks_allow_none()
    {
        var few = MadeUpTerms.Set(9);
        Assert.Null(StackedRegressions.Fit(MadeUpTerms.Structures(few), few, 1));
    }

    private static double[] Scores(PredictorGroup group, ArchitectureSet set, StructuralBaselines structures) =>
        PredictorScores.OfStructure(group, set.Architectures, structures.Of);
}
