using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Seed.Reporting;
using LPZero.Seed.Reporting.Charts;

namespace LPZero.Seed.ArchitectureSearch;

/// <summary>What a search of architectures has found, as tables, as Markdown and as a page with the Pareto front.</summary>
/// <param name="Result">What it has found.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Command">What to type to do the same again.</param>
internal sealed record NasReport(NasResult Result, string Version, string Command)
{
    private const string Method =
        "Every method scores the same number of networks. Evolution breeds them from the best by score so far, random draws them.";

    private const string Regret =
        " Regret is the best truth that might have been chosen minus the best truth among the first, and below among the ten best, by " +
        "score, in the truth's unit: mean and standard deviation over the seeds. Of genotypes of one network the truth is the mean.";

    /// <summary>The heading.</summary>
    public string Title => $"Architectures of {Result.Benchmark} by {Result.Asked.Ranking}";

    /// <summary>What came out, in sentences.</summary>
    public string Summary
    {
        get
        {
            var limits = Limits();
            var networks = Result.Truth is { } truth
                ? string.Create(CultureInfo.InvariantCulture,
                    $"{Figures.Count(truth.Size.Networks)} networks{limits}; the best has {Result.Metric} {truth.Best.Truth:G6} " +
                    $"('{truth.Best.Id}').") +
                    (truth.Noise is { } noise
                        ? string.Create(
                            CultureInfo.InvariantCulture, $" Trainings of one network differ by a standard deviation of {noise:G3}.")
                        : "") +
                    TruthTables.Sentence(truth.Ceiling)
                : $"Genotypes whose genes take the values that they have in {Result.Benchmark}{limits}; truth is known of its own alone.";
            return networks + string.Create(CultureInfo.InvariantCulture,
                $" {Result.Asked.Runs.Max(run => run.Scored)} of them are scored with each of {Result.Asked.Runs.Length} seeds.");
        }
    }

    /// <summary>A row for each ranking and strategy, the one that was asked for first.</summary>
    public ReportTable Methods()
    {
        var hasTruth = Result.Truth is not null;
        ImmutableArray<Column> columns =
        [
            new("ranking", CellKind.Code), new("strategy", CellKind.Text), new("scored", CellKind.Number),
            .. hasTruth ? new Column[] { new("regret of 1", CellKind.Number), new("regret of 10", CellKind.Number) } : [],
            new("best", CellKind.Code), new("score in its run", CellKind.Number), new("its truth", CellKind.Number),
            new("parameters", CellKind.Number), new("FLOPs a token", CellKind.Number),
        ];
        var rows = Result.Methods.Select((method, index) =>
        {
            var first = method.Runs[0];
            return ImmutableArray.CreateRange<Cell>(
            [
                new Cell(method.Ranking, index == 0), method.Strategy, Figures.Count(first.Scored),
                .. hasTruth ? new Cell[] { Text(method.RegretTop1), Text(method.RegretTop10) } : [],
                NameOf(first.Best), Number(first.Score), Number(first.Best.Truth), Size(first.Best, SizeMeasure.Parameters),
                Size(first.Best, SizeMeasure.Flops),
            ]);
        });
        return new ReportTable(
            "Methods",
            $"{Method}{(hasTruth ? Regret : "")} The best network is that of the first seed. Its score is that among the networks of its " +
            "own run; a ranking that is made of ranks gives it another one among others.",
            columns,
            [.. rows, .. Result.Truth is { } truth ? [Chance(truth, columns.Length)] : ImmutableArray<ImmutableArray<Cell>>.Empty]);
    }

    /// <summary>The Pareto front, smallest network first.</summary>
    public ReportTable Front() => new(
        "Pareto front",
        $"Of all networks that the evolution scored with any seed, those that none beats in both score and {Measure}. Scores are among " +
        "all of these networks together, not those among one run's above.",
        [
            new("network", CellKind.Code), new("parameters", CellKind.Number), new("FLOPs a token", CellKind.Number),
            new("score among all", CellKind.Number), new("truth", CellKind.Number), new("genotype", CellKind.Code),
        ],
        [
            .. Result.Front.Select(index => (Network: Result.Found.Networks[index], Score: Result.Found.Scores[index])).Select(found =>
                ImmutableArray.Create<Cell>(
                    NameOf(found.Network), Size(found.Network, SizeMeasure.Parameters), Size(found.Network, SizeMeasure.Flops),
                    Number(found.Score), Number(found.Network.Truth), found.Network.Genotype.ToString())),
        ]);

    /// <summary>The report's tables, in the order in which they are read.</summary>
    public IEnumerable<ReportTable> Tables() =>
    [
        Methods(), Front(),
        .. Result.Truth is { } truth ? TruthTables.Of(truths: null, truth.Ceiling, truth.Size) : [],
    ];

    /// <summary>A page of Markdown.</summary>
    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append($"# {Title}\n\n{Summary}\n");
        foreach (var note in Result.Notes)
        {
            text.Append($"\n{note}\n");
        }

        foreach (var (file, caption, _) in Drawings())
        {
            text.Append($"\n![{caption} against {Measure}, blue on the Pareto front]({file})\n");
        }

        foreach (var table in Tables())
        {
            MarkdownReport.Append(text, table);
        }

        MarkdownReport.AppendOrigin(text, Version, Command);
        return text.ToString();
    }

    /// <summary>A page of HTML, with the front of the scores and, where they are known, of the truths of the same networks.</summary>
    public string Html() => HtmlPage.Render(
        Title,
        new XElement("h1", Title),
        HtmlPage.Origin(Version, Command),
        new XElement("p", Summary),
        Result.Notes.Select(note => new XElement("p", note)),
        HtmlPage.Chart("Score and size",
            "Every network that the evolution scored, blue on the Pareto front. Point at a dot to see which network it is.",
            Drawings().Select(drawing => new Figure(drawing.Drawing, drawing.Caption))),
        Tables().Select(HtmlPage.Table));

    private string Measure => Result.Settings.Measure == SizeMeasure.Parameters ? "parameters" : "FLOPs a token";

    /// <summary>
    /// The drawings as files: score against size, and where they are known the truths of the same networks; those without a point are left
    /// out.
    /// </summary>
    public IEnumerable<(string File, string Caption, XElement Drawing)> Drawings()
    {
        var found = Result.Found;
        var (scores, label) = ScorePositions.Of([.. found.Scores.Select(score => double.IsNaN(score) ? double.NegativeInfinity : score)]);
        if (ParetoChart.Draw("front-score", $"Score against {Measure}", Measure, label, Points(scores), [.. Result.Front]) is { } score)
        {
            yield return ("pareto.svg", "Score", score);
        }

        double[] truths = [.. found.Networks.Select(network => network.Truth ?? double.NaN)];
        if (ParetoChart.Draw("front-truth", $"{Result.Metric} against {Measure}", Measure, Result.Metric, Points(truths),
            [.. Result.Front]) is { } truth)
        {
            yield return ("pareto-truth.svg", "Truth of the same networks", truth);
        }
    }

    private ImmutableArray<ParetoPoint> Points(double[] values) =>
    [
        .. Result.Found.Networks.Select((network, i) => new ParetoPoint(
            SizeLimits.SizeOf(network.Structure, Result.Settings.Measure), values[i],
            $"{NameOf(network)}: score {Number(Result.Found.Scores[i])}, truth {Number(network.Truth)}, " +
            $"{Size(network, SizeMeasure.Parameters)} parameters")),
    ];

    private string Limits()
    {
        string?[] limits =
        [
            Result.Limits.Parameters is { } parameters ? $"{parameters.ToString("N0", CultureInfo.InvariantCulture)} parameters" : null,
            Result.Limits.Flops is { } flops ? $"{flops.ToString("N0", CultureInfo.InvariantCulture)} FLOPs a token" : null,
        ];
        var given = limits.OfType<string>().ToList();
        return given.Count == 0 ? "" : $" of at most {string.Join(" and ", given)}";
    }

    private static ImmutableArray<Cell> Chance(NasTruth truth, int columns) =>
    [
        "chance", "none", "0", Number(truth.ChanceTop1), Number(truth.ChanceTop10), .. Enumerable.Repeat(new Cell(""), columns - 5),
    ];

    private static string NameOf(SearchedNetwork network) => network.Id ?? network.Genotype.ToString();

    private static string Size(SearchedNetwork network, SizeMeasure measure) =>
        SizeLimits.SizeOf(network.Structure, measure) is var size && double.IsNaN(size)
            ? Figures.Missing
            : size.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value is { } number && !double.IsNaN(number)
        ? number.ToString("G4", CultureInfo.InvariantCulture)
        : Figures.Missing;

    private static string Text(Spread spread) => double.IsNaN(spread.Deviation)
        ? Number(spread.Mean)
        : $"{Number(spread.Mean)} ± {spread.Deviation.ToString("G2", CultureInfo.InvariantCulture)}";
}
