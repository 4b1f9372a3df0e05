using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.CommandLine;

/// <summary>What <c>proxy score</c> prints: how one proxy ranks a benchmark, beside the structural baselines of its space.</summary>
/// <param name="Scored">The proxy with its scores.</param>
/// <param name="Set">The architectures with the truths that it is judged by.</param>
/// <param name="Baselines">The baselines with theirs, from the simplest to the most informed.</param>
internal sealed record ScoreReport(ScoredProxy Scored, ArchitectureSet Set, ImmutableArray<ScoredProxy> Baselines)
{
    /// <summary>The report of a proxy.</summary>
    public static ScoreReport Of(ScoredProxy scored, ArchitectureSet set, StructuralBaselines structures) =>
        new(scored, set, [.. ScoredProxy.BaselinesOf(structures, set)]);

    /// <summary>As JSON has it; docs/json.md names the fields.</summary>
    public object Json()
    {
        var figures = FiguresOf(Scored);
        return new
        {
            expression = Scored.Name,
            rho = figures.Rho,
            tau = figures.TauB,
            tauA = figures.TauA,
            tauB = figures.TauB,
            n = Set.Architectures.Length,
            networks = Set.Networks.Length,
            secondsPerNetwork = Scored.SecondsPerArchitecture,
            invalid = Invalid,
            baselines = Baselines.Select(baseline =>
            {
                var its = FiguresOf(baseline);
                return new { name = baseline.Name, rho = its.Rho, tauA = its.TauA, tauB = its.TauB };
            }),
            scores = Scored.Scores.Select((score, i) => new { architecture = Set.Architectures[i].Id, score = Finite(score) }),
        };
    }

    /// <summary>As a terminal shows it: a line of the proxy and one for each baseline.</summary>
    public string Text()
    {
        var (time, reason) = (Scored.SecondsPerArchitecture, Invalid);
        string[] lines =
        [
            string.Create(CultureInfo.InvariantCulture,
                $"{Line(Scored)} on {Set.Architectures.Length} architectures ({Set.Networks.Length} networks)" +
                $"{(time is { } each ? $", {each:G3} s a network" : "")}{(reason is null ? "" : $"; {reason}")}"),
            .. Baselines.Select(baseline => $"  baseline {Line(baseline)}"),
        ];
        return string.Join(Environment.NewLine, lines);
    }

    private string? Invalid =>
        Scored.Reason is { } undefined ? $"it is not defined here: {undefined}"
        : !Scored.Scores.All(double.IsFinite) ? "some scores are not finite"
        : Scored.Scores.Distinct().Count() == 1 ? "every architecture has the same score"
        : null;

    private string Line(ScoredProxy scored)
    {
        var figures = FiguresOf(scored);
        return $"{scored.Name}: rho {Shown(figures.Rho)}, tau-a {Shown(figures.TauA)}, tau-b {Shown(figures.TauB)}";

        static string Shown(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "-";
    }

    /// <summary>Against the truths; null what does not exist.</summary>
    private (double? Rho, double? TauA, double? TauB) FiguresOf(ScoredProxy scored)
    {
        if (scored.Reason is not null || !scored.Scores.All(double.IsFinite))
        {
            return default;
        }

        double[] scores = [.. scored.Scores];
        return (
            Finite(Spearman.Rho(scores, Set.Truths)), Finite(Kendall.TauA(scores, Set.Truths)), Finite(Kendall.TauB(scores, Set.Truths)));
    }
}
