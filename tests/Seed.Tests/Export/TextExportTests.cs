using System.Text.Json;
using LPZero.Coordinator.Reporting;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Export;

namespace LPZero.Seed.Tests.Export;

public class TextExportTests
{
    private static readonly ExportedProxy[] Proxies =
    [
        new(1, Formula("square(abs_log(H)) * exp(W)", LayerReduction.Sum), "exp(W) * square(abs_log(H))", 0.91, 4, 0.9, 0.85, 0.94, 0.7,
            0.72),
        new(2, Formula("std(J)", LayerReduction.Mean), "std(J)", 0.5, 1),
    ];

    [Fact]
    public void A_formula_names_layers_means_and_operations() => Assert.Equal(
        @"\sum_{\ell=1}^{L} \left( \overline{\left( \log \left| H_\ell \right| \right)^{2}} " +
        @"\cdot \overline{\exp \left( W_\ell \right)} \right)",
        LatexExport.Formula(Proxies[0].Formula));

    [Fact]
    public void A_single_branch_stands_alone_and_a_number_has_no_mean() => Assert.Equal(
        @"\frac{1}{L} \sum_{\ell=1}^{L} \operatorname{std} \left( J_\ell \right)", LatexExport.Formula(Proxies[1].Formula));

    [Fact]
    public void Every_operation_has_a_formula_with_balanced_braces()
    {
        foreach (var operation in Enum.GetValues<UnaryOperation>().Where(o => o != UnaryOperation.Disconnect))
        {
            var branch = new Branch(InputKind.A, Chain.Of(operation, operation));
            foreach (var reduction in Enum.GetValues<LayerReduction>())
            {
                var text = LatexExport.Formula(new ProxyFormula(
                    new Proxy(branch, BinaryOperation.Difference, branch), reduction, Reduction.Sum, Reduction.Sum, WeightSelection.All));
                Assert.Equal(text.Count(c => c == '{'), text.Count(c => c == '}'));
                Assert.Equal(Occurrences(text, @"\left"), Occurrences(text, @"\right"));
            }
        }
    }

    [Fact]
    public void A_table_has_a_row_for_each_proxy_and_a_dash_for_what_was_not_measured()
    {
        var table = LatexExport.Table(Proxies);
        Assert.Equal(1 + Proxies.Length, Occurrences(table, @"\\" + "\n"));
        Assert.Contains("0.910 & 0.900 [0.850, 0.940] & 0.700 & 0.720", table, StringComparison.Ordinal);
        Assert.Contains("0.500 & -- & -- & --", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Python_of_a_run_whose_answer_is_more_than_a_proxy_says_how_to_have_that()
    {
        var plain = ExportText.Render("first", Proxies, "python", rank: 2, "Made somehow.");
        Assert.StartsWith("\"\"\"Zero-cost proxy ", plain, StringComparison.Ordinal);
        var answer = new AnswerEntry(
            new Predictor("first", "flexibert", PredictorGroup.Lexicographic(new FeaturePart("layers"), new FeaturePart("hidden size"))),
            0.9, HeldOut: null, []);
        var noted = ExportText.Render("first", Proxies, "python", rank: 2, "Made somehow.", answer);
        Assert.Equal(
            "# One proxy of run first. The run's answer is layers, then hidden size: search export first.predictor.json --format python, " +
            "with the file in the run's folder",
            noted.Split('\n')[0]);
        Assert.Equal(plain, noted[(noted.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        Assert.Equal(
            ExportText.Render("first", Proxies, "csv", rank: 1, ""), ExportText.Render("first", Proxies, "csv", rank: 1, "", answer));
    }

    [Fact]
    public void CSV_has_a_header_and_empty_cells_for_what_was_not_measured() => Assert.Equal(
        "rank,expression,canonical,layerReduction,searchRho,heldOutRho,heldOutRhoLow,heldOutRhoHigh,heldOutTauA,heldOutTauB,forms\n" +
        "1,square(abs_log(H)) * exp(W),exp(W) * square(abs_log(H)),sum,0.91,0.9,0.85,0.94,0.7,0.72,4\n" +
        "2,std(J) + disconnect(J),std(J),mean,0.5,,,,,,1\n",
        TableExport.Csv(Proxies));

    [Fact]
    public void JSON_has_the_same_columns()
    {
        using var json = JsonDocument.Parse(TableExport.Json(Proxies));
        Assert.Equal(
            TableExport.Csv(Proxies).Split('\n')[0].Split(','),
            json.RootElement[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(JsonValueKind.Null, json.RootElement[1].GetProperty("heldOutRho").ValueKind);
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private static ProxyFormula Formula(string text, LayerReduction reduction) =>
        new(ProxyText.ParseProxy(text), reduction, Reduction.Mean, Reduction.Mean, WeightSelection.All);
}
