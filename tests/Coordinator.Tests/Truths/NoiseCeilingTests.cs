using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Truths;

namespace LPZero.Coordinator.Tests.Truths;

/// <summary>What the noise of trainings leaves of a perfect ranking, against noise that is known.</summary>
public sealed class NoiseCeilingTests
{
    [Fact]
    public void Noise_is_the_mean_square_within_networks_and_its_own_in_a_group_with_enough_repetitions()
    {
        // Within a: 1 + 1 over one repetition more; b: 0, 4, 4 over 2; c alone tells nothing.
        var trainings = Of(["a", "a", "b", "b", "b", "c"], ["x", "x", "x", "x", "x", "y"]);
        var noise = TrainingNoise.Of(trainings, [1, 3, 5, 7, 3, 100])!;
        Assert.Equal(3, noise.Repetitions);
        Assert.Equal(Math.Sqrt((2 + 8) / 3.0), noise.Overall, 1e-12);
        Assert.Equal(noise.Overall, noise.Of("x"));
        Assert.Equal(noise.Overall, noise.Of("y"));
        Assert.True(double.IsNaN(noise.Measured("y")));
    }

    [Fact]
    public void What_has_failed_is_no_noise()
    {
        var trainings = Of(["a", "a", "a"], ["x", "x", "x"]);
        Assert.Equal(Math.Sqrt(0.5), TrainingNoise.Of(trainings with { Failed = [false, false, true] }, [1, 2, 50])!.Overall, 1e-12);
        Assert.Null(TrainingNoise.Of(trainings with { Failed = [false, true, true] }, [1, 2, 50]));
    }

    [Fact]
    public void Without_networks_that_were_trained_twice_there_is_no_ceiling() =>
        Assert.Null(NoiseCeiling.Of(
            Of(["a", "b", "c", "d"], ["x", "x", "x", "x"]), [1, 2, 3, 4],
            TrainingNoise.Of(Of(["a", "b", "c", "d"], ["x", "x", "x", "x"]), [1, 2, 3, 4])));

    [Theory]
    [InlineData(0.2, 0.02)]
    [InlineData(0.6, 0.03)]
    [InlineData(1.0, 0.06)]
    public void The_ceiling_is_the_rho_of_the_true_order(double deviation, double tolerance)
    {
        var (trainings, qualities, truth) = Draw(networks: 400, deviation, failed: 0);
        var ceiling = NoiseCeiling.Of(trainings, truth, TrainingNoise.Of(trainings, truth))!;
        Assert.Equal(deviation, ceiling.Noise, 0.1 * deviation);
        Assert.Equal(Spearman.Rho(qualities, truth.AsSpan()), ceiling.Rho, tolerance);
        Assert.True(double.IsNaN(ceiling.RhoWithoutFailed));
        Assert.Equal(["x", "y"], ceiling.Groups.Select(group => group.Group));
    }

    [Fact]
    public void Failed_trainings_lower_the_ceiling_and_it_is_given_without_them()
    {
        var (trainings, qualities, truth) = Draw(networks: 400, 0.3, failed: 40);
        var ceiling = NoiseCeiling.Of(trainings, truth, TrainingNoise.Of(trainings, truth))!;
        Assert.Equal(40, ceiling.Failed);
        Assert.Equal(Spearman.Rho(qualities, truth.AsSpan()), ceiling.Rho, 0.03);
        Assert.InRange(ceiling.RhoWithoutFailed, ceiling.Rho + 0.05, 1);
    }

    [Fact]
    public void Where_truths_vary_no_more_than_noise_does_nothing_can_be_ranked()
    {
        ImmutableArray<double> truth = [1, 5, 5, 1, 1, 5, 5, 1];
        var trainings = Of(["a", "a", "b", "b", "c", "c", "d", "d"], [.. Enumerable.Repeat("x", 8)]);
        Assert.Equal(0, NoiseCeiling.RhoOf(trainings, truth, TrainingNoise.Of(trainings, truth)!));
    }

    [Fact]
    public void A_single_network_is_no_ranking_however_often_it_was_trained()
    {
        var noise = TrainingNoise.Of(Of(["a", "a", "b", "b"], ["x", "x", "x", "x"]), [1, 2, 5, 7]);
        Assert.Null(NoiseCeiling.Of(Of(["a", "a", "a", "a"], ["x", "x", "x", "x"]), [1, 2, 3, 4], noise));
        var two = NoiseCeiling.Of(Of(["a", "a", "a", "a", "b", "b"], ["x", "x", "x", "x", "y", "y"]), [1, 2, 3, 4, 20, 21], noise)!;
        Assert.InRange(two.Rho, 0.1, 1);
        Assert.All(two.Groups, group => Assert.True(double.IsNaN(group.Rho)));
        Assert.Contains(two.Groups, group => group.Group == "x");
    }

    [Fact]
    public void Truths_that_are_no_numbers_have_a_ceiling_of_0()
    {
        ImmutableArray<double> truth = [.. Enumerable.Repeat(double.NaN, 4)];
        var trainings = Of(["a", "a", "b", "b"], ["x", "x", "x", "x"]);
        Assert.Equal(0, NoiseCeiling.RhoOf(trainings, truth, TrainingNoise.Of(trainings, truth)!));
    }

    private static Trainings Of(ImmutableArray<string> networks, ImmutableArray<string> groups) =>
        new(networks, groups, [.. networks.Select(_ => false)]);

    /// <summary>Networks of known quality, each trained twice.</summary>
    private static (Trainings Trainings, double[] Qualities, ImmutableArray<double> Truth) Draw(int networks, double deviation, int failed)
    {
        var random = new SplittableRandom(11);
        var ofNetworks = Enumerable.Range(0, networks).Select(_ => Normal(ref random)).ToArray();
        double[] qualities = [.. Enumerable.Range(0, 2 * networks).Select(i => ofNetworks[i / 2])];
        var truth = qualities.Select(quality => quality + (deviation * Normal(ref random))).ToArray();
        for (var i = 0; i < failed; i++)
        {
            truth[7 * i] = -20;
        }

        return (
            new Trainings(
                [.. qualities.Select((_, i) => (i / 2).ToString(CultureInfo.InvariantCulture))],
                [.. qualities.Select((_, i) => i < networks ? "x" : "y")], [.. truth.Select(value => value < -10)]),
            qualities, [.. truth]);

        static double Normal(ref SplittableRandom random)
        {
            var sum = 0.0;
            for (var i = 0; i < 12; i++)
            {
                sum += random.NextDouble();
            }

            return sum - 6;
        }
    }
}
