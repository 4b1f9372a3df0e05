using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Predictors;
using LPZero.Seed.Reporting;

namespace LPZero.Seed.Evaluation;

/// <summary>A set on which the formula was chosen.</summary>
/// <param name="Benchmark">The benchmark's name.</param>
/// <param name="Size">What of it was searched.</param>
/// <param name="Rho">The formula's rho there, inflated by the choice.</param>
internal sealed record ChosenOn(string Benchmark, SetSize Size, double Rho);

/// <summary>What the regression on structure is worth where it was not fitted.</summary>
/// <param name="Fitted">What it was fitted on.</param>
/// <param name="Size">The networks that it was not fitted on.</param>
/// <param name="Rho">Its rho there.</param>
/// <param name="FormulaRho">The formula's rho there.</param>
/// <param name="Minus">The formula's rho minus its own.</param>
internal sealed record BesideRegression(SetSize Fitted, SetSize Size, double Rho, double FormulaRho, RhoDifference Minus);

/// <summary>What the formula is worth on one benchmark, on networks that it was not chosen on.</summary>
/// <param name="Benchmark">The benchmark's name.</param>
/// <param name="IsChosenOn">Whether it was chosen on another part of it.</param>
/// <param name="Size">What was ranked.</param>
/// <param name="Figures">The formula's figures; null where there are none.</param>
/// <param name="Hand">The best structural baseline there, by its rho; null where none has one.</param>
/// <param name="MinusHand">The formula's rho minus that; null where one is missing.</param>
/// <param name="Regression">Beside the regression on structure; null where that cannot be fitted.</param>
/// <param name="Reason">Why there are no figures; null where there are.</param>
internal sealed record TransferRow(
    string Benchmark, bool IsChosenOn, SetSize Size, ProxyFigures? Figures, HandFormula? Hand, RhoDifference? MinusHand,
    BesideRegression? Regression, string? Reason)
{
    /// <summary>What noise leaves of a perfect ranking of the same networks; null where that is not known.</summary>
    public NoiseCeiling? Ceiling { get; init; }

    /// <summary>
    /// How the formula, the best structural baseline and, where it was fitted on other networks, the regression rank each truth of the
    /// same networks; null where the benchmark has no tasks.
    /// </summary>
    public RankedTruths? Truths { get; init; }

    /// <summary>What was judged: the set, or its held-out part.</summary>
    public string Name => IsChosenOn ? $"{Benchmark}, held out" : Benchmark;
}

/// <summary>A structural baseline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rho">Its rho.</param>
internal sealed record HandFormula(string Name, double Rho);

/// <summary>All that <c>lpzero transfer</c> has found.</summary>
internal sealed record TransferReport
{
    /// <summary>The formula as it was frozen, in words.</summary>
    public required string Formula { get; init; }

    /// <summary>The proxy where the formula is nothing else; null where it is more.</summary>
    public required ProxyPart? Proxy { get; init; }

    /// <summary>SHA-256 of the frozen predictor.</summary>
    public required string Digest { get; init; }

    /// <summary>Where it was chosen; empty where it was given.</summary>
    public required ImmutableArray<ChosenOn> ChosenOn { get; init; }

    /// <summary>Valid proxies that it was chosen among; 0 where it was given.</summary>
    public required long Considered { get; init; }

    /// <summary>A row for each benchmark.</summary>
    public required ImmutableArray<TransferRow> Rows { get; init; }

    /// <summary>What a reader has to know besides, in sentences.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>What to type to do the same again.</summary>
    public required string Command { get; init; }

    private const string Title = "One formula for all sets";

    private string Method =>
        ReportText.Method + " The formula is judged on networks that it was not chosen on: the held-out part of a set that it was chosen " +
        "on, all of another one. The best hand formula is the structural baseline of the highest rho on the same networks. The " +
        $"regression on structure is fitted on the set's own search part{Fitted}, so it and the difference to it are of the rest. " +
        "Pairs: the share in the right order among networks whose parameters outside embedding and output differ by at most 5%. Noise " +
        "ceiling: the rho that a perfect ranking would have, where networks that were trained again tell.";

    private string Fitted => Rows.Any(row => row.Regression is not null)
        ? $" ({string.Join(", ", Rows.Where(row => row.Regression is not null).Select(row =>
            $"{Figures.Count(row.Regression!.Fitted.Genotypes)} architectures of {row.Benchmark}"))})"
        : "";

    /// <summary>What a formula that was not chosen here leaves open.</summary>
    public const string Given = "This formula was given: it may have been found on some of the same networks.";

    /// <summary>How the proxy is reduced, and the digest, in words.</summary>
    public string Details => Proxy is { } proxy
        ? $"elements {proxy.ElementReduction.ToString().ToLowerInvariant()}, tensors " +
            $"{proxy.TensorReduction.ToString().ToLowerInvariant()}; digest {Digest}"
        : $"digest {Digest}";

    /// <summary>What came out, in a sentence.</summary>
    public string Summary
    {
        get
        {
            var compared = Rows.Where(row => row.MinusHand is not null).ToList();
            var chosen = ChosenOn.IsEmpty
                ? ""
                : $" Chosen among {Figures.Count(Considered)} valid proxies on " +
                    $"{string.Join(" and ", ChosenOn.Select(set => $"{set.Benchmark} (rho {Figures.Correlation(set.Rho)} there)"))}.";
            return string.Create(CultureInfo.InvariantCulture,
                $"{chosen} At or above the best hand formula on {compared.Count(row => row.MinusHand!.Difference >= 0)} of " +
                $"{compared.Count} sets; above it by more than chance on " +
                $"{compared.Count(row => row.MinusHand!.Comparison == Comparison.Better)}, below on " +
                $"{compared.Count(row => row.MinusHand!.Comparison == Comparison.Worse)} (paired 95% intervals).").TrimStart();
        }
    }

    /// <summary>A row for each set.</summary>
    public ReportTable Table() => new(
        "Sets", Method,
        [
            new("set", CellKind.Text), new("networks", CellKind.Number), new("rho", CellKind.Number), new("tau-a", CellKind.Number),
            new("noise ceiling", CellKind.Number), new("pairs", CellKind.Number), new("best hand formula", CellKind.Number),
            new("minus hand", CellKind.Number),
            new("regression", CellKind.Number), new("minus regression", CellKind.Number),
        ],
        [.. Rows.Select(Cells)]);

    /// <summary>The tables about the truths of each set that has tasks, or whose noise is known.</summary>
    public IEnumerable<ReportTable> TruthsOfEach() => Rows.SelectMany(row =>
        TruthTables.Of(row.Truths, row.Ceiling, row.Size).Select(table => table with { Title = $"{table.Title} on {row.Name}" }));

    /// <summary>A page of Markdown.</summary>
    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append($"# {Title}\n\n`{Formula}` ({Details})\n\n{Summary}\n");
        foreach (var note in Notes)
        {
            text.Append($"\n{note}\n");
        }

        MarkdownReport.Append(text, Table());
        foreach (var table in TruthsOfEach())
        {
            MarkdownReport.Append(text, table);
        }

        MarkdownReport.AppendOrigin(text, Version, Command);
        return text.ToString();
    }

    /// <summary>A page of HTML.</summary>
    public string Html() => HtmlPage.Render(
        Title,
        new XElement("h1", Title),
        HtmlPage.Origin(Version, Command),
        new XElement("div", new XAttribute("class", "best"), new XElement("code", Formula)),
        new XElement("p", new XAttribute("class", "soft"), Details),
        new XElement("p", Summary),
        Notes.Select(note => new XElement("p", note)),
        HtmlPage.Table(Table()),
        TruthsOfEach().Select(HtmlPage.Table));

    private static ImmutableArray<Cell> Cells(TransferRow row)
    {
        return
        [
            row.Reason is { } reason ? new Cell([row.Name, reason]) : new Cell(row.Name),
            Figures.Count(row.Size.Networks),
            row.Figures is { } figures
                ? new Cell([Figures.Correlation(figures.Rho), Figures.Interval(figures.RhoInterval)])
                : new Cell(Figures.Missing),
            Figures.Correlation(row.Figures?.TauA ?? double.NaN),
            Figures.Correlation(row.Ceiling?.Rho ?? double.NaN),
            Figures.Correlation(row.Figures?.PairAccuracy ?? double.NaN),
            row.Hand is { } hand ? new Cell([Figures.Correlation(hand.Rho), hand.Name]) : new Cell(Figures.Missing),
            Minus(row.MinusHand),
            row.Regression is { } beside
                ? new Cell([Figures.Correlation(beside.Rho), $"{Figures.Count(beside.Size.Networks)} networks"])
                : new Cell(Figures.Missing),
            Minus(row.Regression?.Minus),
        ];
    }

    private static Cell Minus(RhoDifference? difference) => difference is null
        ? new Cell(Figures.Missing)
        : new Cell(
            [Figures.Difference(difference.Difference), Figures.DifferenceInterval(difference.Interval)],
            difference.Comparison != Comparison.NotDistinguishable);
}
