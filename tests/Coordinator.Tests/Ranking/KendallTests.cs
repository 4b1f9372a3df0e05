using FsCheck;
using FsCheck.Fluent;
using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Tests.Ranking;

public class KendallTests
{
    [Fact]
    public void Both_taus_follow_from_the_definition() => Check.QuickThrowOnFailure(Prop.ForAll(TiedVectors.VaryingPairs(2, 40), pair =>
    {
        var (x, y) = pair;
        var pairs = (from i in Enumerable.Range(0, x.Length) from j in Enumerable.Range(0, i) select (I: i, J: j)).ToList();
        double concordant = pairs.Count(p => (x[p.I] < x[p.J] && y[p.I] < y[p.J]) || (x[p.I] > x[p.J] && y[p.I] > y[p.J]));
        double discordant = pairs.Count(p => (x[p.I] < x[p.J] && y[p.I] > y[p.J]) || (x[p.I] > x[p.J] && y[p.I] < y[p.J]));
        double tiedX = pairs.Count(p => x[p.I] == x[p.J]);
        double tiedY = pairs.Count(p => y[p.I] == y[p.J]);
        var tauB = (concordant - discordant) / Math.Sqrt((pairs.Count - tiedX) * (pairs.Count - tiedY));
        return Kendall.TauA(x, y) == (concordant - discordant) / pairs.Count && Math.Abs(Kendall.TauB(x, y) - tauB) < 1e-14;
    }));

    [Fact]
    public void Ties_lower_tau_a_but_not_tau_b()
    {
        double[] scores = [1, 1, 2, 2];
        Assert.Equal(4.0 / 6, Kendall.TauA(scores, scores));
        Assert.Equal(1.0, Kendall.TauB(scores, scores));
    }

    [Fact]
    public void Constant_scores_have_a_tau_a_of_zero_and_no_tau_b()
    {
        Assert.Equal(0.0, Kendall.TauA([1, 1, 1], [1, 2, 3]));
        Assert.True(double.IsNaN(Kendall.TauB([1, 1, 1], [1, 2, 3])));
    }

    [Fact]
    public void A_score_that_is_not_a_number_has_no_tau()
    {
        Assert.True(double.IsNaN(Kendall.TauA([1, double.NaN, 3], [1, 2, 3])));
        Assert.True(double.IsNaN(Kendall.TauB([1, double.NaN, 3], [1, 2, 3])));
    }
}
