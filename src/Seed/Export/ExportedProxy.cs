using LPZero.Messages.Proxies;

namespace LPZero.Seed.Export;

/// <summary>One of a run's best proxies, with its measurements.</summary>
/// <param name="Rank">1 for the best.</param>
/// <param name="Formula">The proxy and the reductions.</param>
/// <param name="Canonical">Its canonical form as an expression.</param>
/// <param name="SearchRho">Spearman's rho on the search set.</param>
/// <param name="Forms">How many canonical forms that rank the search set identically it stands for.</param>
/// <param name="HeldOutRho">Spearman's rho on the held-out set, where it was measured.</param>
/// <param name="HeldOutRhoLow">Lower end of its 95% interval.</param>
/// <param name="HeldOutRhoHigh">Upper end of its 95% interval.</param>
/// <param name="HeldOutTauA">Kendall's tau-a on the held-out set.</param>
/// <param name="HeldOutTauB">Kendall's tau-b on the held-out set.</param>
public sealed record ExportedProxy(
    int Rank,
    ProxyFormula Formula,
    string Canonical,
    double SearchRho,
    int Forms,
    double? HeldOutRho = null,
    double? HeldOutRhoLow = null,
    double? HeldOutRhoHigh = null,
    double? HeldOutTauA = null,
    double? HeldOutTauB = null)
{
    /// <summary>Names of the cells of <see cref="Row"/>.</summary>
    internal static readonly string[] Columns =
    [
        "rank", "expression", "canonical", "layerReduction",
        "searchRho", "heldOutRho", "heldOutRhoLow", "heldOutRhoHigh", "heldOutTauA", "heldOutTauB", "forms",
    ];

    /// <summary>The cells of the proxy's row in a table.</summary>
    internal IEnumerable<(string Name, object? Value)> Row => Columns.Zip<string, object?>(
    [
        Rank, Formula.Proxy.ToString(), Canonical, OperationNames.Name(Formula.LayerReduction),
        SearchRho, HeldOutRho, HeldOutRhoLow, HeldOutRhoHigh, HeldOutTauA, HeldOutTauB, Forms,
    ]);
}
