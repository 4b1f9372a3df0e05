using FsCheck;
using FsCheck.Fluent;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Tests.Ranking;

public class NetworkBootstrapTests
{
    [Fact]
    public void Rho_of_a_weighted_sample_is_rho_of_the_sample_written_out() =>
        Check.QuickThrowOnFailure(Prop.ForAll(TiedVectors.Pairs(2, 40), pair =>
    {
        var random = new SplittableRandom((ulong)pair.X.Length);
        var weights = pair.X.Select(_ => random.Next(4)).ToArray();
        var drawn = weights.SelectMany((weight, i) => Enumerable.Repeat(i, weight)).ToArray();
        var expected = Spearman.Rho(drawn.Select(i => pair.X[i]).ToArray(), drawn.Select(i => pair.Y[i]).ToArray());
        return expected.Equals(new WeightedSpearman(pair.X, pair.Y).Rho(weights));
    }));

    [Fact]
    public void The_genotypes_of_a_network_are_drawn_together()
    {
        string[] networks = ["a", "b", "a", "c", "c", "c"];
        var bootstrap = new NetworkBootstrap(networks, seed: 1, resamples: 200);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        bootstrap.Distribution(weights =>
        {
            Assert.Equal(weights[0], weights[2]);
            Assert.Equal(weights[3], weights[4]);
            Assert.Equal(weights[3], weights[5]);
            Assert.Equal(3, weights[0] + weights[1] + weights[3]);
            seen.Add(string.Join(',', weights.ToArray()));
            return 0;
        });
        Assert.Equal(3, bootstrap.Networks);

        // Three networks drawn three times with replacement: ten different multisets.
        Assert.Equal(10, seen.Count);
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        var (scores, truth) = Correlated(80, 1, 11);
        var networks = Enumerable.Range(0, 80).Select(i => $"{i}").ToArray();
        var interval = new NetworkBootstrap(networks, 5).Rho(scores, truth);
        Assert.Equal(interval, new NetworkBootstrap(networks, 5).Rho(scores, truth));
        Assert.NotEqual(interval, new NetworkBootstrap(networks, 6).Rho(scores, truth));
    }

    [Fact]
    public void The_interval_holds_the_true_rho_about_as_often_as_it_claims()
    {
        // Scores and truth share a normal factor: Pearson's r is 1/2, so Spearman's rho is 6/pi asin(1/4).
        const int Trials = 120;
        var rho = 6 / Math.PI * Math.Asin(0.25);
        var networks = Enumerable.Range(0, 80).Select(i => $"{i}").ToArray();
        var held = Enumerable.Range(0, Trials).Count(trial =>
        {
            var (scores, truth) = Correlated(80, 1, (ulong)trial + 1000);
            var interval = new NetworkBootstrap(networks, (ulong)trial, 300).Rho(scores, truth);
            return interval.Low <= rho && rho <= interval.High;
        });
        Assert.InRange(held, 0.87 * Trials, 0.99 * Trials);
    }

    [Fact]
    public void Copies_of_the_same_networks_do_not_narrow_the_interval()
    {
        var (scores, truth) = Correlated(60, 1, 4);
        double[] copiedScores = [.. scores, .. scores, .. scores];
        double[] copiedTruth = [.. truth, .. truth, .. truth];
        var networks = Enumerable.Range(0, 60).Select(i => $"{i}").ToArray();
        var once = new NetworkBootstrap(networks, 9).Rho(scores, truth);
        var thrice = new NetworkBootstrap([.. networks, .. networks, .. networks], 9).Rho(copiedScores, copiedTruth);
        Assert.Equal(once.Low, thrice.Low, 1e-12);
        Assert.Equal(once.High, thrice.High, 1e-12);
    }

    [Fact]
    public void The_difference_of_a_ranking_with_itself_is_exactly_nothing()
    {
        var (scores, truth) = Correlated(50, 1, 2);
        var networks = Enumerable.Range(0, 50).Select(i => $"{i}").ToArray();
        Assert.Equal(new ConfidenceInterval(0, 0), new NetworkBootstrap(networks, 1).RhoDifference(scores, scores, truth));
    }

    [Fact]
    public void Constant_scores_have_no_interval()
    {
        var interval = new NetworkBootstrap(["a", "b", "c", "d"], 1, 50).Rho([1, 1, 1, 1], [1, 2, 3, 4]);
        Assert.True(double.IsNaN(interval.Low) && double.IsNaN(interval.High));
    }

    /// <summary>Two vectors that share a standard normal factor and have normal noise of the given size each.</summary>
    private static (double[] Scores, double[] Truth) Correlated(int length, double noise, ulong seed)
    {
        var random = new SplittableRandom(seed);
        var scores = new double[length];
        var truth = new double[length];
        for (var i = 0; i < length; i++)
        {
            var common = Normal(ref random);
            scores[i] = common + (noise * Normal(ref random));
            truth[i] = common + (noise * Normal(ref random));
        }

        return (scores, truth);
    }

    private static double Normal(ref SplittableRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
