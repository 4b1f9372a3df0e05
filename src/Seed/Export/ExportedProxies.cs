using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Seed.Export;

/// <summary>The best proxies of a run, for export.</summary>
public static class ExportedProxies
{
    /// <summary>The hall of fame with the held-out figures of those proxies that the report has.</summary>
    public static IReadOnlyList<ExportedProxy> Of(SearchConfiguration configuration, SearchState state, ReportData? report) =>
    [
        .. state.HallOfFame.Select((member, index) =>
        {
            var heldOut = report?.Proxies.ElementAtOrDefault(index)?.HeldOut;
            return new ExportedProxy(
                index + 1,
                Formula(configuration, member.Proxy),
                member.Canonical.ToString(), member.Fitness.Rho, member.Forms,
                Finite(heldOut?.Rho), Finite(heldOut?.RhoInterval.Low), Finite(heldOut?.RhoInterval.High), Finite(heldOut?.TauA), Finite(heldOut?.TauB));
        }),
    ];

    /// <summary>A leaderboard; its proxies were not measured on the held-out set.</summary>
    public static IReadOnlyList<ExportedProxy> Of(SearchConfiguration configuration, RunLeaderboard leaderboard) =>
    [
        .. leaderboard.Entries.Select(entry => new ExportedProxy(
            entry.Rank, Formula(configuration, ProxyText.ParseProxy(entry.Expression)), entry.Canonical, entry.Search.Rho, entry.Forms)),
    ];

    private static ProxyFormula Formula(SearchConfiguration configuration, Proxy proxy) =>
        new(proxy, configuration.LayerReductions[0], configuration.ElementReduction, configuration.TensorReduction, configuration.Weights);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
