using System.Collections.Immutable;
using LPZero.Coordinator.Run;

namespace LPZero.Coordinator.Ablation;

/// <summary>The best search rho of several runs after an iteration.</summary>
/// <param name="Iteration">The iteration, 0 after the first population.</param>
/// <param name="BestRho">What the runs had then.</param>
public sealed record BandPoint(int Iteration, Spread BestRho);

/// <summary>How several runs of one kind get on.</summary>
public static class ConvergenceBand
{
    /// <summary>A point for each iteration from 0 on; a run that ended earlier stays where it was.</summary>
    /// <param name="runs">The improvements of each run, from iteration 0 on.</param>
    /// <param name="iterations">The last iteration.</param>
    public static ImmutableArray<BandPoint> Of(IReadOnlyList<ImmutableArray<ConvergencePoint>> runs, int iterations)
    {
        var next = new int[runs.Count];
        var best = new double[runs.Count];
        Array.Fill(best, double.NaN);
        var band = ImmutableArray.CreateBuilder<BandPoint>(iterations + 1);
        for (var iteration = 0; iteration <= iterations; iteration++)
        {
            for (var run = 0; run < runs.Count; run++)
            {
                while (next[run] < runs[run].Length && runs[run][next[run]].Iteration <= iteration)
                {
                    best[run] = runs[run][next[run]++].BestRho;
                }
            }

            band.Add(new BandPoint(iteration, Spread.Of(best)));
        }

        return band.MoveToImmutable();
    }
}
