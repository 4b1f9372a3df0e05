using System.Collections.Immutable;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Reporting;
using LPZero.Messages;
using LPZero.Messages.Search;
using LPZero.Seed.Reporting;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.CommandLine;

/// <summary>Valid proxies with a rho from <paramref name="From"/> to below <paramref name="To"/>.</summary>
internal sealed record RhoBinJson(double From, double To, long Count);

/// <summary>A share of the valid proxies has a rho up to this.</summary>
internal sealed record QuantileJson(double Share, double Rho);

/// <summary>The best proxy of two inputs, such as "A W", or of one.</summary>
internal sealed record InputsJson(string Inputs, string Expression, double Rho);

/// <summary>The permutation test of the winner.</summary>
internal sealed record PermutationJson(
    int Permutations, int AsGood, double PValue, int Networks, int Movable, double MeanBestRho, double HighestBestRho)
{
    public static PermutationJson? Of(PermutationTest? test) => test is null ? null : new PermutationJson(
        test.Best.Length, test.AsGood, test.PValue, test.Networks, test.Movable, test.Best.Average(), test.Best.Max());
}

/// <summary>What <c>search exhaustive --json</c> prints; docs/json.md describes the fields, which stay.</summary>
internal sealed record ExhaustiveJson(
    string Key, SearchConfiguration Configuration, long Proxies, long Valid, ImmutableSortedDictionary<InvalidReason, long> Invalid,
    long DistinctRankings,
    IReadOnlyList<ProxyJson> Top, IReadOnlyList<BaselineJson> Baselines, IReadOnlyList<InputsJson> BestByInputs,
    IReadOnlyList<RhoBinJson> Distribution, IReadOnlyList<QuantileJson> Quantiles, double Seconds, string Output,
    double? SmallestDifference, PermutationJson? Permutation, string Compared, CeilingJson? Ceiling,
    IReadOnlyList<RankedTruthJson>? Truths)
{
    private const int BinsPerUnit = 50;
    private static readonly ImmutableArray<double> Shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999];

    public static ExhaustiveJson Of(
        ExhaustiveResult result, ReportData report, SearchConfiguration configuration, string key, string output,
        PermutationTest? test = null) => new(
        key, configuration, result.Proxies, result.Valid, result.Invalid, result.DistinctRankings,
        [
            .. result.Top.Select((entry, i) => new ProxyJson(
                entry.Rank, entry.Expression, entry.Expression, entry.Fitness, Forms: null,
                i < report.Proxies.Length ? HeldOutJson.Of(report.Proxies[i].HeldOut, report.HeldOut) : null)),
        ],
        ShowJson.BaselinesOf(report, report.Proxies is [var optimum, ..] ? optimum.Differences : []),
        [.. result.BestByInputs.Select(best =>
            new InputsJson($"{best.Left}{(best.Right is { } right ? $" {right}" : "")}", best.Expression, best.Rho))],
        [.. Bins(result)],
        result.Valid == 0 ? [] : [.. Shares.Select(share => new QuantileJson(share, result.RhoAt(share)))],
        report.Seconds, output, Finite(ShowJson.SmallestDifferenceOf(report)),
        PermutationJson.Of(test), report.Compared, CeilingJson.Of(report.Ceiling), RankedTruthJson.Of(report.RankedTruths));

    public static string Text(ExhaustiveJson value) => JsonDocuments.Text(value, MessageJson.Indented);

    private static IEnumerable<RhoBinJson> Bins(ExhaustiveResult result)
    {
        const int merged = ExhaustiveTally.BinsPerUnit / BinsPerUnit;
        for (var bin = 0; bin < 2 * BinsPerUnit; bin++)
        {
            var last = bin == (2 * BinsPerUnit) - 1;
            // The last one also holds a rho of exactly 1.
            var count = result.Histogram.AsSpan().Slice(bin * merged, merged + (last ? 1 : 0)).ToArray().Sum();
            yield return new RhoBinJson((bin - BinsPerUnit) / (double)BinsPerUnit, (bin + 1 - BinsPerUnit) / (double)BinsPerUnit, count);
        }
    }
}
