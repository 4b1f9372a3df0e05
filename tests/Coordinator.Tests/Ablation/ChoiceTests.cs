using LPZero.Coordinator.Ablation;

namespace LPZero.Coordinator.Tests.Ablation;

public class ChoiceTests
{
    [Fact]
    public void The_mean_z_is_of_the_mean_rho_on_each_set()
    {
        var ranking = new ComparedRanking("one", [[0.5, 0.7], [0.9, 0.9]]);

        // atanh(x) = ln((1 + x) / (1 - x)) / 2.
        Assert.Equal((Math.Log(1.6 / 0.4) + Math.Log(1.9 / 0.1)) / 4, ranking.MeanZ, 12);
    }

    [Fact]
    public void What_a_difference_counts_for_depends_on_how_much_is_left_to_gain()
    {
        // One gains 0.01 of 0.02 that are left on the second set, the other 0.05 of 0.4 on the first.
        var choice = Choice.Among([
            new("neither", [[0.60], [0.98]]), new("much of little", [[0.60], [0.99]]), new("little of much", [[0.65], [0.98]]),
        ]);

        Assert.Equal(1, choice.Chosen);
    }

    [Fact]
    public void Of_equally_good_ones_the_first_is_chosen() =>
        Assert.Equal(1, Choice.Among([new("worse", [[0.1]]), new("first", [[0.4]]), new("second", [[0.4]])]).Chosen);

    [Fact]
    public void A_perfect_ranking_of_one_set_does_not_outweigh_all_others()
    {
        var choice = Choice.Among([new("perfect on one", [[1.0], [-0.999999]]), new("good on both", [[0.9], [0.9]])]);

        Assert.Equal(1, choice.Chosen);
        Assert.True(double.IsFinite(choice.Rankings[0].MeanZ));
    }

    [Fact]
    public void Differences_are_taken_split_by_split()
    {
        var choice = Choice.Among([new("chosen", [[0.9, 0.5]]), new("other", [[0.7, 0.4]])]);

        var difference = choice.MinusChosen(1, set: 0);
        Assert.Equal(-0.15, difference.Mean, 12);
        Assert.Equal((-0.2, -0.1), (Math.Round(difference.Lowest, 12), Math.Round(difference.Highest, 12)));
        Assert.Equal(0, choice.MinusChosen(0, set: 0).Highest);
    }
}
