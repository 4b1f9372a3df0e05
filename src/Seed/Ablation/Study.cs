using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using LPZero.Messages;
using LPZero.Seed.Export;
using LPZero.Seed.Reporting;
using LPZero.Seed.Reporting.Charts;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Ablation;

/// <summary>A drawing of a study.</summary>
/// <param name="Name">Name of its file, without the ending.</param>
/// <param name="Caption">What it shows.</param>
/// <param name="Drawing">The drawing.</param>
internal sealed record StudyFigure(string Name, string Caption, XElement Drawing);

/// <summary>What a study found, as it is written into a folder.</summary>
/// <param name="Name">What its files are called.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Command">What to type to do the same again.</param>
/// <param name="Remarks">What a reader has to know, in sentences.</param>
/// <param name="Tables">Its tables.</param>
/// <param name="Figures">Its drawings.</param>
/// <param name="Columns">Headings of its CSV.</param>
/// <param name="Rows">Rows of its CSV; a value that is absent is null.</param>
/// <param name="Json">What <c>--json</c> prints; docs/json.md describes the fields, which stay.</param>
internal sealed record Study(
    string Name, string Title, string Command, ImmutableArray<string> Remarks, ImmutableArray<ReportTable> Tables,
    ImmutableArray<StudyFigure> Figures, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<object?>> Rows, object Json)
{
    /// <summary>Writes <c>NAME.md</c>, <c>.csv</c>, <c>.json</c> and the drawings; each replaces its predecessor as a whole.</summary>
    /// <param name="folder">Where to; made where it is missing.</param>
    public void Write(string folder)
    {
        foreach (var figure in Figures)
        {
            AtomicFile.Write(Path.Combine(folder, $"{figure.Name}.svg"), SvgFile.Text(figure.Drawing));
        }

        AtomicFile.Write(Path.Combine(folder, $"{Name}.csv"), Csv());
        AtomicFile.Write(Path.Combine(folder, $"{Name}.json"), JsonDocuments.Text(Json, MessageJson.Indented) + "\n");
        AtomicFile.Write(Path.Combine(folder, $"{Name}.md"), Markdown());
    }

    /// <summary>The text of the CSV.</summary>
    public string Csv() => TableExport.Csv(Columns, Rows.Select(row => row.AsEnumerable()));

    private string Markdown()
    {
        var text = new StringBuilder($"# {Title}\n\n    {Command}\n");
        foreach (var remark in Remarks)
        {
            text.Append($"\n{remark}\n");
        }

        foreach (var figure in Figures)
        {
            text.Append($"\n![{figure.Caption}]({figure.Name}.svg)\n\n{figure.Caption}\n");
        }

        foreach (var table in Tables)
        {
            MarkdownReport.Append(text, table);
        }

        text.Append($"\nlpzero {ProgramVersion.Text}\n");
        return text.ToString();
    }
}
