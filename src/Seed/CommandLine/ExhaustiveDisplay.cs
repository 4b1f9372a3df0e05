using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Ranking;
using LPZero.Messages.Terms;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>Shows how an exhaustive search gets on, in lines on standard error and from any thread, and prints its result.</summary>
/// <param name="quiet">Whether to show nothing while it works.</param>
internal sealed class ExhaustiveDisplay(bool quiet) : IProgress<TermProgress>, IProgress<ExhaustiveProgress>
{
    private const int ShownProxies = 10;
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    private readonly Lock line = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly TimeLeft timeLeft = new();
    private long lastLine;
    private string? lastText;

    public void Report(TermProgress value)
    {
        // All is 0 while it is not known what there is to compute, and where everything is known already.
        if (value.All > 0 || value.Activity != TermProgress.Computing)
        {
            var isDone = value.All > 0 && value.Done == value.All;
            Line(value.All > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{value.Activity}, request {value.Done} of {value.All}")
                : value.Activity, isDone, value.Done < value.All ? value.Share : null);
        }
    }

    public void Report(ExhaustiveProgress value) =>
        Line(string.Create(CultureInfo.InvariantCulture, $"ranked {value.Proxies:N0} of {value.All:N0} proxies ({value.PerSecond:N0}/s)"),
            value.Proxies == value.All);

    /// <summary>Says how many rankings of a space are done; may be called on any thread.</summary>
    public void ReportRankings(int done, int all) =>
        Line(string.Create(CultureInfo.InvariantCulture, $"ranked the space {done} of {all} times"), done == all);

    /// <summary>Says something that is done; may be called on any thread.</summary>
    public void ReportLine(string text) => Line(text, isLast: true);

    /// <summary>Prints the result, for people or as JSON.</summary>
    public static void Print(ExhaustiveJson result, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(ExhaustiveJson.Text(result));
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Proxies:N0} canonical proxies ranked, {result.Valid:N0} valid, {result.DistinctRankings:N0} different rankings"));
        Console.WriteLine($"{result.Compared} of the valid ones: " + string.Join(", ", result.Quantiles.Select(quantile =>
            string.Create(CultureInfo.InvariantCulture, $"{quantile.Share:P2} up to {quantile.Rho:F3}"))));
        string[] compared = result.Top.Any(proxy => proxy.Search.Criterion is not null) ? [$"search {result.Compared}"] : [];
        var top = new FittedTable(
            ["", "proxy", .. compared, "search rho", "held-out rho", "95% interval", "held-out tau-a", "held-out tau-b"]);
        foreach (var proxy in result.Top.Take(ShownProxies))
        {
            top.Add(
            [
                proxy.Rank.ToString(CultureInfo.InvariantCulture), proxy.Canonical,
                .. compared.Select(_ => Figures.Correlation(proxy.Search.Compared)), Figures.Correlation(proxy.Search.Rho),
                Correlation(proxy.HeldOut?.Rho), Figures.Interval(Interval(proxy.HeldOut?.RhoLow, proxy.HeldOut?.RhoHigh)),
                Correlation(proxy.HeldOut?.TauA), Correlation(proxy.HeldOut?.TauB),
            ]);
        }

        top.Write(AnsiConsole.Console);
        var baselines = new FittedTable("structural baseline", "held-out rho", "optimum minus baseline");
        foreach (var baseline in result.Baselines)
        {
            baselines.Add(
                baseline.Name, Correlation(baseline.Rho),
                $"{Figures.Difference(baseline.BestMinusBaseline ?? double.NaN)} " +
                $"({Figures.DifferenceInterval(Interval(baseline.BestMinusBaselineLow, baseline.BestMinusBaselineHigh))})");
        }

        baselines.Write(AnsiConsole.Console);
        var inputs = new FittedTable("inputs", "best proxy", $"search {result.Compared}");
        foreach (var best in result.BestByInputs)
        {
            inputs.Add(best.Inputs, best.Expression, Correlation(best.Rho));
        }

        inputs.Write(AnsiConsole.Console);
        if (result.Permutation is { } test)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"permutation test of the winner: p = {test.PValue:G3} ({test.AsGood} of {test.Permutations} permutations of the truths " +
                $"within groups of equal layers and hidden size have a best proxy as good)"));
        }

        Console.WriteLine($"report and all figures: {result.Output}");
    }

    private static string Correlation(double? value) => Figures.Correlation(value ?? double.NaN);

    private static ConfidenceInterval Interval(double? low, double? high) => new(low ?? double.NaN, high ?? double.NaN);

    /// <summary>Says it unless that was said last, or a moment ago.</summary>
    /// <param name="text">What to say.</param>
    /// <param name="isLast">Whether it must be said.</param>
    /// <param name="share">Which part of the work is done; null where that is not known.</param>
    private void Line(string text, bool isLast, double? share = null)
    {
        lock (line)
        {
            if (!quiet && text != lastText && (isLast || lastLine == 0 || Stopwatch.GetElapsedTime(lastLine) >= LineInterval))
            {
                (lastLine, lastText) = (Stopwatch.GetTimestamp(), text);
                var left = share is { } done ? timeLeft.After(clock.Elapsed.TotalSeconds, done) : null;
                Console.Error.WriteLine(left is { } time
                    ? $"{text}, about {Figures.Duration(time.TotalSeconds)} left"
                    : text);
            }
        }
    }
}
