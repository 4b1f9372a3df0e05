using System.Globalization;
using System.Text;
using LPZero.Coordinator.Reporting;
using LPZero.Messages.Proxies;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.Export;

/// <summary>Proxies as LaTeX: a formula for the text, and a table of formulas for the packages amsmath and booktabs.</summary>
public static class LatexExport
{
    /// <summary>The formula in math mode without delimiters, for <c>\(...\)</c>, an equation or a table cell.</summary>
    /// <exception cref="InvalidOperationException">Both branches are disconnected.</exception>
    public static string Formula(ProxyFormula formula)
    {
        var values = formula.IsProductOfTensors
            ? [Product(formula)]
            : formula.LiveBranches.Select(branch => Value(branch, formula)).ToArray();
        var layer = values.Length == 1 ? values[0] : formula.Proxy.Operation switch
        {
            BinaryOperation.Sum => $"{values[0]} + {values[1]}",
            BinaryOperation.Difference => $"{values[0]} - {values[1]}",
            BinaryOperation.Product or BinaryOperation.Matmul => $@"{values[0]} \cdot {values[1]}",
            _ => throw new ArgumentOutOfRangeException(nameof(formula), formula.Proxy.Operation, null),
        };
        var grouped = values.Length == 1 ? layer : $@"\left( {layer} \right)";
        return formula.LayerReduction switch
        {
            LayerReduction.Sum => $@"\sum_{{\ell=1}}^{{L}} {grouped}",
            LayerReduction.Mean => $@"\frac{{1}}{{L}} \sum_{{\ell=1}}^{{L}} {grouped}",
            LayerReduction.AllButLast => $@"\sum_{{\ell=1}}^{{L-1}} {grouped}",
            LayerReduction.Last => $@"\left. {layer} \right|_{{\ell=L}}",
            _ => throw new ArgumentOutOfRangeException(nameof(formula), formula.LayerReduction, null),
        };
    }

    /// <summary>
    /// A booktabs table of proxies: formula, search rho, held-out rho with its interval, tau-a and tau-b; before them the run's answer
    /// where that is no proxy of the report.
    /// </summary>
    public static string Table(IReadOnlyList<ExportedProxy> proxies, AnswerEntry? best = null)
    {
        var text = new StringBuilder();
        text.Append("% needs \\usepackage{amsmath,booktabs}\n");
        text.Append("\\begin{tabular}{rlrrrr}\n\\toprule\n");
        text.Append("& Proxy & Search $\\rho$ & Held-out $\\rho$ [95\\%] & $\\tau_a$ & $\\tau_b$ \\\\\n\\midrule\n");
        if (best is not null)
        {
            var heldOut = best.HeldOut;
            text.Append($"% best: {best.Predictor.Summary}\n");
            text.Append($"& best answer & {Number(best.SearchRho)} & {Number(Finite(heldOut?.Rho))}");
            text.Append(Finite(heldOut?.RhoInterval.Low) is { } from && Finite(heldOut?.RhoInterval.High) is { } to
                ? $" [{Number(from)}, {Number(to)}]"
                : "");
            text.Append($" & {Number(Finite(heldOut?.TauA))} & {Number(Finite(heldOut?.TauB))} \\\\\n\\midrule\n");
        }

        foreach (var proxy in proxies)
        {
            var interval = proxy is { HeldOutRhoLow: { } low, HeldOutRhoHigh: { } high } ? $" [{Number(low)}, {Number(high)}]" : "";
            text.Append(CultureInfo.InvariantCulture,
                $"{proxy.Rank} & $\\displaystyle {Formula(proxy.Formula)}$ & {Number(proxy.SearchRho)} & " +
                $"{Number(proxy.HeldOutRho)}{interval} & {Number(proxy.HeldOutTauA)} & {Number(proxy.HeldOutTauB)} \\\\\n");
        }

        return text.Append("\\bottomrule\n\\end{tabular}\n").ToString();
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.000", CultureInfo.InvariantCulture) : "--";

    private static string Value(Branch branch, ProxyFormula formula) =>
        // The mean of a number is the number, and so is the sum of one.
        OverTensors(branch, UnaryOperations.MakesNumber(branch.Chain) ? Applied(branch) : Reduced(Applied(branch), formula), formula);

    private static string Product(ProxyFormula formula)
    {
        var (left, right) = (formula.LiveBranches[0], formula.LiveBranches[1]);
        return OverTensors(left, Reduced($@"{Applied(left)} \odot {Applied(right)}", formula), formula);
    }

    private static string Applied(Branch branch) =>
        branch.Chain.Aggregate($"{branch.Input}_\\ell", (inner, operation) => Apply(operation, inner));

    private static string Reduced(string inner, ProxyFormula formula) =>
        formula.ElementReduction == Reduction.Mean ? $@"\overline{{{inner}}}" : $@"\operatorname{{sum}}\left({inner}\right)";

    private static string OverTensors(Branch branch, string elements, ProxyFormula formula) =>
        formula.TensorReduction == Reduction.Mean ? elements : $@"\textstyle\sum_{{{branch.Input}_\ell}} {elements}";

    private static string Apply(UnaryOperation operation, string x) => operation switch
    {
        UnaryOperation.Log => $@"\log \left( {x} + 10^{{-9}} \right)",
        UnaryOperation.AbsLog => $@"\log \left| {x} \right|",
        UnaryOperation.Abs => $@"\left| {x} \right|",
        UnaryOperation.Square => $@"\left( {x} \right)^{{2}}",
        UnaryOperation.Exp => $@"\exp \left( {x} \right)",
        UnaryOperation.Normalize => Operator("z", x),
        UnaryOperation.Relu => Operator("ReLU", x),
        UnaryOperation.Invert => $@"\left( {x} + 10^{{-9}} \right)^{{-1}}",
        UnaryOperation.FrobeniusNorm => $@"\left\| {x} \right\|_{{F}}",
        UnaryOperation.NormalizedSum => Operator("mean", x),
        UnaryOperation.L1Norm => Operator("mean", $@"\left| {x} \right|"),
        UnaryOperation.Softmax => Operator("softmax", x),
        UnaryOperation.Sigmoid => $@"\sigma \left( {x} \right)",
        UnaryOperation.LogSoftmax => $@"\log \operatorname{{softmax}} \left( {x} \right)",
        UnaryOperation.Sqrt => $@"\sqrt{{{x}}}",
        UnaryOperation.Negate => $@"\left( -{x} \right)",
        UnaryOperation.MinMax => Operator("minmax", x),
        UnaryOperation.Mean => Operator("mean", x),
        UnaryOperation.Std => Operator("std", x),
        UnaryOperation.NoOp => x,
        _ => throw new ArgumentException($"Operation '{operation}' has no value.", nameof(operation)),
    };

    private static string Operator(string name, string x) => $@"\operatorname{{{name}}} \left( {x} \right)";
}
