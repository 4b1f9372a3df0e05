using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Truths;

namespace LPZero.Seed.Reporting;

/// <summary>Tables about the truth itself: what it is made of, and what its noise leaves.</summary>
internal static class TruthTables
{
    /// <summary>Both tables of a set; none where it has no truths besides, and its noise is not known.</summary>
    /// <param name="truths">How rankings do by its truths; null without such.</param>
    /// <param name="ceiling">What noise leaves; null where that is not known.</param>
    /// <param name="size">The size of the set.</param>
    public static IEnumerable<ReportTable> Of(RankedTruths? truths, NoiseCeiling? ceiling, SetSize size)
    {
        if (truths is not null)
        {
            yield return ByTruth(truths);
        }

        if (ceiling is not null)
        {
            yield return Ceiling(ceiling, size);
        }
    }

    /// <summary>A row for each ranking, a column for each truth, and above them what a perfect ranking would reach.</summary>
    /// <param name="ranked">The truths and the rankings.</param>
    public static ReportTable ByTruth(RankedTruths ranked) => new(
        "Rho by truth and by task",
        "Which truth, and which of its tasks, a ranking knows. " +
        (ranked.Truths.Any(truth => !double.IsNaN(truth.CeilingWithoutFailed)) || ranked.Rankings.Any(HasFailed)
            ? "Under each rho stands that without failed trainings. "
            : "") +
        "By reliability: tasks are weighted by how well trainings of one network agree on them. " +
        "The ceiling is what a perfect ranking would reach through the noise of the trainings.",
        [new("ranking", CellKind.Code), .. ranked.Truths.Select(truth => new Column(truth.Name, CellKind.Number))],
        [
            [
                "noise ceiling",
                .. ranked.Truths.Select(truth => Both(new TruthRho(truth.Ceiling, truth.CeilingWithoutFailed))),
            ],
            .. ranked.Rankings.Select(ranking => ImmutableArray.Create([ranking.Name, .. ranking.ByTruth.Select(Both)])),
        ]);

    /// <summary>The ceiling of a set and of its groups.</summary>
    /// <param name="ceiling">The ceiling.</param>
    /// <param name="size">The size of the set.</param>
    public static ReportTable Ceiling(NoiseCeiling ceiling, SetSize size) => new(
        "Noise ceiling",
        "The rho that the true order of the networks would have with the measured truths. Noise is the standard deviation between " +
        "trainings of one network, in the truth's unit, over all of the benchmark without failed trainings; where a group has too few " +
        "of them, that of all is taken. Groups are without failed trainings.",
        [
            new("set", CellKind.Text), new("architectures", CellKind.Number), new("networks", CellKind.Number),
            new("noise", CellKind.Number), new("ceiling of rho", CellKind.Number),
        ],
        [
            ["all", Figures.Count(size.Genotypes), Figures.Count(size.Networks), Noise(ceiling.Noise), Figures.Correlation(ceiling.Rho)],
            .. ceiling.Failed == 0 ? ImmutableArray<ImmutableArray<Cell>>.Empty :
            [
                [
                    "without failed trainings", Figures.Count(size.Genotypes - ceiling.Failed), "", Noise(ceiling.Noise),
                    Figures.Correlation(ceiling.RhoWithoutFailed),
                ],
            ],
            .. ceiling.Groups.Select(group => ImmutableArray.Create<Cell>(
            [
                group.Group, Figures.Count(group.Architectures), Figures.Count(group.Networks), Noise(group.Noise),
                Figures.Correlation(group.Rho),
            ])),
        ]);

    /// <summary>The ceiling in a sentence; empty where it is not known.</summary>
    public static string Sentence(NoiseCeiling? ceiling) => ceiling is null ? ""
        : $" Noise leaves a perfect ranking a rho of {Figures.Correlation(ceiling.Rho)}" +
            (ceiling.Failed == 0 ? "." : string.Create(CultureInfo.InvariantCulture,
                $", {Figures.Correlation(ceiling.RhoWithoutFailed)} without the {ceiling.Failed} failed trainings."));

    private static bool HasFailed((string Name, ImmutableArray<TruthRho> ByTruth) ranking) =>
        ranking.ByTruth.Any(rho => !double.IsNaN(rho.WithoutFailed));

    private static Cell Both(TruthRho rho) => double.IsNaN(rho.WithoutFailed)
        ? Figures.Correlation(rho.All)
        : new Cell([Figures.Correlation(rho.All), Figures.Correlation(rho.WithoutFailed)]);

    private static string Noise(double noise) =>
        double.IsNaN(noise) ? Figures.Missing : noise.ToString("G3", CultureInfo.InvariantCulture);
}
