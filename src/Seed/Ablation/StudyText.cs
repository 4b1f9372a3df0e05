using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Truths;
using LPZero.Seed.Reporting;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.Ablation;

/// <summary>Figures of several seeds as a reader sees them.</summary>
internal static class StudyText
{
    /// <summary>Mean and standard deviation of correlations.</summary>
    public static string Correlation(Spread spread) => double.IsNaN(spread.Deviation)
        ? Figures.Correlation(spread.Mean)
        : $"{Figures.Correlation(spread.Mean)} ± {Figures.Correlation(spread.Deviation)}";

    /// <summary>From the lowest to the highest.</summary>
    public static string Range(Spread spread) => $"{Figures.Correlation(spread.Lowest)} to {Figures.Correlation(spread.Highest)}";

    /// <summary>Mean and standard deviation of shares, in per cent.</summary>
    public static string Share(Spread spread) => double.IsNaN(spread.Mean) ? Figures.Missing : double.IsNaN(spread.Deviation)
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * spread.Mean:0.00}%")
        : string.Create(CultureInfo.InvariantCulture, $"{100 * spread.Mean:0.00} ± {100 * spread.Deviation:0.00}%");

    /// <summary>A spread as JSON has it.</summary>
    public static object Json(Spread spread) => new
    {
        mean = Finite(spread.Mean), deviation = Finite(spread.Deviation), lowest = Finite(spread.Lowest), highest = Finite(spread.Highest),
    };

    /// <summary>How what was found ranks each truth of the held-out sets, as a table; none without truths.</summary>
    /// <param name="ranked">The means over the held-out sets; null without truths.</param>
    public static ImmutableArray<ReportTable> HeldOutByTruth(RankedTruths? ranked)
    {
        if (ranked is null)
        {
            return [];
        }

        var table = TruthTables.ByTruth(ranked);
        return
        [
            table with
            {
                Title = "Held-out rho by truth and by task",
                Explanation = $"{table.Explanation} All are means over the held-out sets.",
            },
        ];
    }

    /// <summary>How long it took, and what is left at that pace.</summary>
    /// <param name="done">Parts done in this process.</param>
    /// <param name="left">Parts left.</param>
    /// <param name="seconds">What the done ones took.</param>
    public static string Pace(int done, int left, double seconds) => done == 0 || left == 0
        ? Figures.Duration(seconds)
        : $"{Figures.Duration(seconds)}, about {Figures.Duration(seconds / done * left)} left at this pace";
}
