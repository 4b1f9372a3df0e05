using LPZero.Coordinator.Ranking;

namespace LPZero.Coordinator.Evaluation;

/// <summary>How well scores rank a set. All intervals are 95% and resampled by network.</summary>
/// <param name="Rho">Spearman's rho, average ranks for ties.</param>
/// <param name="RhoInterval">Its interval.</param>
/// <param name="RhoTiesAtRandom">Expected rho when equal scores are put in random order.</param>
/// <param name="TauA">Kendall's tau-a.</param>
/// <param name="TauAInterval">Its interval.</param>
/// <param name="TauB">Kendall's tau-b.</param>
/// <param name="TauBInterval">Its interval.</param>
/// <param name="PrecisionTop10">See <see cref="TopPrecision.OfTenth"/>.</param>
/// <param name="RegretTop1">See <see cref="Regret"/>; in the truth's unit.</param>
/// <param name="RegretTop10">The same for the ten best by score.</param>
/// <param name="PairAccuracy">See <see cref="ClosePairs.Accuracy"/>; NaN where no two networks are of nearly the same size.</param>
/// <param name="PartialRho">
/// Rho given parameters and layers, see <see cref="PartialSpearman"/>; NaN where these two determine the ranks of the scores.
/// </param>
public sealed record ProxyFigures(
    double Rho, ConfidenceInterval RhoInterval, double RhoTiesAtRandom,
    double TauA, ConfidenceInterval TauAInterval,
    double TauB, ConfidenceInterval TauBInterval,
    double PrecisionTop10, double RegretTop1, double RegretTop10, double PairAccuracy, double PartialRho);
