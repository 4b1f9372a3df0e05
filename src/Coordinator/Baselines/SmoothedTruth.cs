using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Baselines;

/// <summary>What becomes of <see cref="FitnessTarget.Smoothed"/> on one search set.</summary>
/// <param name="Criterion">The smoothed truth; null where proxies are compared by the truth.</param>
/// <param name="Note">Says which of the two it is and why, as a sentence.</param>
public sealed record SmoothedTruth(Criterion? Criterion, string Note)
{
    private const double LeastRho = 0.9;

    // Trainings of a network beyond its first, in the whole set, that tell the noise of a training well enough.
    private const int FewestRepeats = 10;

    /// <summary>The smoothed truth of a set, as far as its structure and its repeated trainings allow one.</summary>
    /// <param name="on">The set, and what its structure says.</param>
    public static SmoothedTruth Of(FittedStructure on)
    {
        if (on.Regression is not { } regression)
        {
            return Truth("the search set has too few networks for a regression on structure");
        }

        if (!(regression.CrossFittedRho >= LeastRho))
        {
            return Truth(string.Create(CultureInfo.InvariantCulture,
                $"the regression on structure ranks networks that it has not seen with a rho of {regression.CrossFittedRho:F2} alone, " +
                $"and truths are smoothed by it from {LeastRho} on"));
        }

        // A training is one of the network that the truth was measured on, whatever shapes the run builds.
        var trained = on.Set.Architectures.Select(on.Structures.NetworkOf).ToList();
        var repeats = trained.Count - trained.Distinct().Count();
        if (repeats < FewestRepeats)
        {
            return Truth(string.Create(CultureInfo.InvariantCulture,
                $"the search set has {repeats} repeated trainings of a network, and truths are smoothed from {FewestRepeats} on, which " +
                $"tell the noise of a training"));
        }

        var criterion = Criterion.Smoothed(on.Set, trained, regression.CrossFitted, on.ScoresOf(on.Stacked!.Group));
        return new SmoothedTruth(criterion, string.Create(CultureInfo.InvariantCulture,
            $"Proxies were compared by the smoothed truth: a share of {criterion.StructureShare:F2} of each rank is structure's, " +
            $"as much as {repeats} repeated trainings of a network show to be noise of what structure does not say."));
    }

    private static SmoothedTruth Truth(string reason) =>
        new(Criterion: null, $"Proxies were compared by the truth, not smoothed: {reason}.");
}
