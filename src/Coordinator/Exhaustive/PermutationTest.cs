using System.Collections.Immutable;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// Whether the winner of a whole space knows anything beyond layers and hidden size: how often the best of as many proxies is as good on
/// truths that were exchanged within groups of equal layers and hidden size.
/// </summary>
/// <param name="Rho">Rho of the winner on the search set.</param>
/// <param name="Best">Of each permutation the rho of its own winner.</param>
/// <param name="Networks">Networks of the search set.</param>
/// <param name="Movable">Those of them that had another one to exchange truths with.</param>
public sealed record PermutationTest(double Rho, ImmutableArray<double> Best, int Networks, int Movable)
{
    /// <summary>How many permutations had a winner as good.</summary>
    public int AsGood => Best.Count(best => best >= Rho);

    /// <summary>
    /// (1 + <see cref="AsGood"/>) / (1 + permutations): the p value of a random permutation test, never 0 (B. Phipson and G. K. Smyth,
    /// "Permutation p-values should never be zero", 2010, equation 2).
    /// </summary>
    public double PValue => (1.0 + AsGood) / (1 + Best.Length);
}
