using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.Export;

/// <summary>The best proxies of a run, for export.</summary>
public static class ExportedProxies
{
    /// <summary>The hall of fame with the held-out figures of those proxies that the report has.</summary>
    public static IReadOnlyList<ExportedProxy> Of(SearchConfiguration configuration, SearchState state, ReportData? report) =>
    [
        .. state.Leaders.Select((member, index) => Proxy(
            configuration, index + 1, member.Proxy, member.Canonical.ToString(), member.Fitness, member.Forms, report)),
    ];

    /// <summary>A leaderboard with the held-out figures of those proxies that the report has.</summary>
    public static IReadOnlyList<ExportedProxy> Of(SearchConfiguration configuration, RunLeaderboard leaderboard, ReportData? report) =>
    [
        .. leaderboard.Entries.Select(entry => Proxy(
            configuration, entry.Rank, ProxyText.ParseProxy(entry.Expression), entry.Canonical, entry.Search, entry.Forms, report)),
    ];

    private static ExportedProxy Proxy(
        SearchConfiguration configuration, int rank, Proxy proxy, string canonical, Fitness search, int forms, ReportData? report)
    {
        var heldOut = report?.Proxies.ElementAtOrDefault(rank - 1)?.HeldOut;
        return new ExportedProxy(
            rank, Formula(configuration, proxy), canonical, search.Rho, forms,
            Finite(heldOut?.Rho), Finite(heldOut?.RhoInterval.Low), Finite(heldOut?.RhoInterval.High), Finite(heldOut?.TauA),
            Finite(heldOut?.TauB));
    }

    private static ProxyFormula Formula(SearchConfiguration configuration, Proxy proxy) =>
        new(
            proxy, configuration.LayerReductions[0], configuration.ElementReduction, configuration.TensorReduction, configuration.Weights,
            configuration.Combine);
}
