using System.Globalization;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// What <c>search show</c> tells of a run, wherever it runs. Through a cluster nothing is known of the whole space.
/// </summary>
internal sealed record RunView(
    string Name, string State, SearchConfiguration Configuration, string BenchmarkDigest, string? NumericProfile,
    IReadOnlyList<LeaderboardEntry> Leaderboard, int Evaluations, int InvalidEvaluations, int Iterations,
    IReadOnlyDictionary<string, long> PrunedByRule, RunUsage Usage, string? Ended, string? Output, ReportData? Report,
    SpaceStanding? WholeSpace)
{
    private const int ShownProxies = 10;

    /// <summary>What the search compares proxies by, in words; where it has not ended, what it is configured to.</summary>
    public string Compared => Report?.Compared ?? ComparedCorrelation.Name(Configuration);

    /// <summary>Writes leaderboard, held-out table, prune counters and verdict.</summary>
    public void Write(TextWriter output, IAnsiConsole console)
    {
        LeaderboardTable().Write(console);
        WriteBaselines(output, console);
        WriteProse(output, console, "pruning rules that acted: " + string.Join(
            ", ", PrunedByRule.OrderByDescending(rule => rule.Value).Select(rule => $"{rule.Key} {Text(rule.Value)}")));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"terms: {Usage.TermMisses} computed, {Usage.TermHits} known; proxies scored invalid: {InvalidEvaluations}"));
        if (Report is null)
        {
            return;
        }

        if (Report.Answer is { } best)
        {
            output.WriteLine();
            WriteProse(output, console,
                $"best: {best.Predictor.Summary}: search rho {Figures.Correlation(best.SearchRho)}" + (best.HeldOut is { } heldOut
                    ? $", held-out rho {Figures.Correlation(heldOut.Rho)} ({Figures.Interval(heldOut.RhoInterval)})"
                    : ""));
        }

        foreach (var verdict in BaselineVerdict.Of(Report))
        {
            output.WriteLine();
            WriteProse(output, console, $"{verdict.Headline} {verdict.Explanation}");
        }

        if (WholeSpace is not null)
        {
            output.WriteLine();
            WriteProse(output, console, ExhaustiveNote.Sentence(WholeSpace, Report.Compared));
        }

        if (Output is not null)
        {
            output.WriteLine();
            output.WriteLine($"report: {Path.Combine(Output, "report.html")}");
        }
    }

    private FittedTable LeaderboardTable()
    {
        string[] figures = Report is null
            ? ["search rho"] : ["search rho", "held-out rho", "95% interval", "held-out tau-a", "held-out tau-b"];
        var hasCriterion = Leaderboard.Any(entry => entry.Search.Criterion is not null);
        var table = new FittedTable(["", "proxy", "forms", .. hasCriterion ? [$"search {Compared}"] : Array.Empty<string>(), .. figures]);
        foreach (var (entry, index) in Leaderboard.Take(ShownProxies).Select((entry, index) => (entry, index)))
        {
            List<string> cells =
            [
                Text(entry.Rank), entry.Canonical, Text(entry.Forms),
                .. hasCriterion ? [Figures.Correlation(entry.Search.Compared)] : Array.Empty<string>(),
                Figures.Correlation(entry.Search.Rho),
            ];
            if (Report is not null && index < Report.Proxies.Length && Report.Proxies[index].HeldOut is { } heldOut)
            {
                cells.AddRange(
                    [Figures.Correlation(heldOut.Rho), Figures.Interval(heldOut.RhoInterval), Figures.Correlation(heldOut.TauA),
                        Figures.Correlation(heldOut.TauB)]);
            }

            table.Add([.. cells]);
        }

        return table;
    }

    private void WriteBaselines(TextWriter output, IAnsiConsole console)
    {
        if (Report is null)
        {
            return;
        }

        var table = new FittedTable(
            "structural baseline on the held-out set", "rho", "95% interval", "ties at random", "tau-a", "tau-b",
            "best proxy minus baseline");
        for (var i = 0; i < Report.Baselines.Length; i++)
        {
            if (Report.Baselines[i].HeldOut is not { } heldOut)
            {
                continue;
            }

            var difference = Report.Proxies.IsEmpty ? null : Report.Proxies[0].Differences[i];
            table.Add(
                Report.Baselines[i].Name, Figures.Correlation(heldOut.Rho), Figures.Interval(heldOut.RhoInterval),
                Figures.Correlation(heldOut.RhoTiesAtRandom), Figures.Correlation(heldOut.TauA), Figures.Correlation(heldOut.TauB),
                difference is null
                    ? ""
                    : $"{Figures.Difference(difference.Difference)} ({Figures.DifferenceInterval(difference.Interval)})");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"held out: {Report.HeldOut.Genotypes} architectures, {Report.HeldOut.Networks} networks that the search never saw"));
        table.Write(console);
    }

    /// <summary>A paragraph, broken between words on a terminal; in a file it stays one line.</summary>
    private static void WriteProse(TextWriter output, IAnsiConsole console, string text)
    {
        foreach (var line in LineBreaks.Wrap(text, Console.IsOutputRedirected ? int.MaxValue : console.Profile.Width))
        {
            output.WriteLine(line);
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
