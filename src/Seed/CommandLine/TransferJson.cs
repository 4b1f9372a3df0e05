using LPZero.Messages;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Evaluation;
using LPZero.Seed.Reporting;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.CommandLine;

/// <summary>A set on which the formula was chosen.</summary>
internal sealed record ChosenOnJson(string Benchmark, int Architectures, int Networks, double Rho);

/// <summary>A set on which the formula was judged.</summary>
internal sealed record TransferSetJson(
    string Benchmark, bool ChosenOn, int Architectures, int Networks, double? Rho, double? RhoLow, double? RhoHigh, double? TauA,
    double? PairAccuracy, double? Hand, string? HandName, double? MinusHand, double? MinusHandLow, double? MinusHandHigh,
    double? Regression, int? RegressionFittedOn, int? RegressionNetworks, double? MinusRegression, double? MinusRegressionLow,
    double? MinusRegressionHigh, double? Ceiling, CeilingJson? NoiseCeiling, IReadOnlyList<RankedTruthJson>? Truths, string? Reason);

/// <summary>What <c>transfer --json</c> prints; docs/json.md describes the fields, which stay.</summary>
internal sealed record TransferJson(
    string Formula, Reduction? ElementReduction, Reduction? TensorReduction, string Digest, SearchConfiguration Configuration,
    long? Considered, IReadOnlyList<string>? Notes, IReadOnlyList<ChosenOnJson> ChosenOn,
    IReadOnlyList<TransferSetJson> Sets, string Output)
{
    public static TransferJson Of(TransferReport report, SearchConfiguration configuration, string output) => new(
        report.Formula, report.Proxy?.ElementReduction, report.Proxy?.TensorReduction, report.Digest, configuration,
        report.ChosenOn.IsEmpty ? null : report.Considered,
        report.Notes.IsEmpty ? null : report.Notes,
        [
            .. report.ChosenOn.Select(set => new ChosenOnJson(set.Benchmark, set.Size.Genotypes, set.Size.Networks, set.Rho)),
        ],
        [.. report.Rows.Select(SetOf)], output);

    public static string Text(TransferJson value) => JsonDocuments.Text(value, MessageJson.Indented);

    private static TransferSetJson SetOf(TransferRow row) => new(
        row.Benchmark, row.IsChosenOn, row.Size.Genotypes, row.Size.Networks,
        Finite(row.Figures?.Rho), Finite(row.Figures?.RhoInterval.Low), Finite(row.Figures?.RhoInterval.High), Finite(row.Figures?.TauA),
        Finite(row.Figures?.PairAccuracy),
        Finite(row.Hand?.Rho), row.Hand?.Name, Finite(row.MinusHand?.Difference), Finite(row.MinusHand?.Interval.Low),
        Finite(row.MinusHand?.Interval.High),
        Finite(row.Regression?.Rho), row.Regression?.Fitted.Genotypes, row.Regression?.Size.Networks,
        Finite(row.Regression?.Minus.Difference),
        Finite(row.Regression?.Minus.Interval.Low), Finite(row.Regression?.Minus.Interval.High),
        Finite(row.Ceiling?.Rho), CeilingJson.Of(row.Ceiling), RankedTruthJson.Of(row.Truths), row.Reason);
}
