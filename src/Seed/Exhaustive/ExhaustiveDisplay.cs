using System.Diagnostics;
using System.Globalization;
using LPZero.Seed.Embedded;
using Spectre.Console;

namespace LPZero.Seed.Exhaustive;

/// <summary>Shows how an exhaustive search gets on, in lines on standard error, and prints its result.</summary>
/// <param name="quiet">Whether to show nothing while it works.</param>
internal sealed class ExhaustiveDisplay(bool quiet) : IProgress<TermProgress>, IProgress<ExhaustiveProgress>
{
    private const int ShownProxies = 10;
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    private readonly Lock line = new();
    private long lastLine;

    public void Report(TermProgress value) =>
        Line(string.Create(CultureInfo.InvariantCulture, $"computing terms, architecture {value.Done} of {value.All}"), value.Done == value.All);

    public void Report(ExhaustiveProgress value) =>
        Line(string.Create(CultureInfo.InvariantCulture, $"ranked {value.Proxies:N0} of {value.All:N0} proxies ({value.PerSecond:N0}/s)"), value.Proxies == value.All);

    /// <summary>Says how many rankings of a space are done; may be called on any thread.</summary>
    public void ReportRankings(int done, int all)
    {
        lock (line)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"ranked the space {done} of {all} times"), done == all);
        }
    }

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
        Console.WriteLine("rho of the valid ones: " + string.Join(", ", result.Quantiles.Select(quantile =>
            string.Create(CultureInfo.InvariantCulture, $"{quantile.Share:P2} up to {quantile.Rho:F3}"))));
        var top = new Table().Border(TableBorder.Simple).AddColumns("", "proxy", "search rho", "held-out rho", "95% interval", "tau-a", "tau-b");
        foreach (var proxy in result.Top.Take(ShownProxies))
        {
            top.AddRow(
                proxy.Rank.ToString(CultureInfo.InvariantCulture), Markup.Escape(proxy.Expression), Text(proxy.Search.Rho),
                Text(proxy.HeldOut?.Rho), $"{Text(proxy.HeldOut?.RhoLow)} to {Text(proxy.HeldOut?.RhoHigh)}", Text(proxy.HeldOut?.TauA), Text(proxy.HeldOut?.TauB));
        }

        AnsiConsole.Write(top);
        var baselines = new Table().Border(TableBorder.Simple).AddColumns("structural baseline", "held-out rho", "optimum minus baseline");
        foreach (var baseline in result.Baselines)
        {
            baselines.AddRow(
                Markup.Escape(baseline.Name), Text(baseline.Rho),
                $"{Text(baseline.BestMinusBaseline)} ({Text(baseline.BestMinusBaselineLow)} to {Text(baseline.BestMinusBaselineHigh)})");
        }

        AnsiConsole.Write(baselines);
        var inputs = new Table().Border(TableBorder.Simple).AddColumns("inputs", "best proxy", "search rho");
        foreach (var best in result.BestByInputs)
        {
            inputs.AddRow(best.Inputs, Markup.Escape(best.Expression), Text(best.Rho));
        }

        AnsiConsole.Write(inputs);
        Console.WriteLine($"report and all figures: {result.Output}");
    }

    private static string Text(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "-";

    private void Line(string text, bool isLast)
    {
        if (!quiet && (isLast || lastLine == 0 || Stopwatch.GetElapsedTime(lastLine) >= LineInterval))
        {
            lastLine = Stopwatch.GetTimestamp();
            Console.Error.WriteLine(text);
        }
    }
}
