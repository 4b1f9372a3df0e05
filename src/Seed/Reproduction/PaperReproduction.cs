using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Reproduction;

/// <summary>A part of the paper, and where ours is.</summary>
/// <param name="Part">Such as <c>table 3</c>.</param>
/// <param name="What">What it shows.</param>
/// <param name="Files">Where ours is, relative to the folder; empty where it was skipped.</param>
/// <param name="Command">What computes our figures alone; null where it was skipped.</param>
/// <param name="Seeds">The seeds in words; null where it has none.</param>
/// <param name="Skipped">Why it was skipped; null where it was not.</param>
internal sealed record ReproducedPart(
    string Part, string What, ImmutableArray<string> Files, string? Command = null, string? Seeds = null, string? Skipped = null);

/// <summary>What <c>lpzero reproduce</c> made: a page that names every part of the paper.</summary>
/// <param name="Command">What was typed.</param>
/// <param name="Published">What is published.</param>
/// <param name="Parts">The parts, in the paper's order.</param>
/// <param name="Left">Files of earlier reproductions in the same folder that this one did not make.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record PaperReproduction(
    string Command, PublishedFigures Published, ImmutableArray<ReproducedPart> Parts, ImmutableArray<string> Left, double Seconds)
{
    private const string FileName = "reproduction.json";

    // What is beside a page: its table in other forms, and what its study goes on from.
    private static readonly string[] Forms = [".md", ".csv", ".json", ".svg", "-parts.json"];

    /// <summary>
    /// The files that reproductions have left in a folder: a later one, of other benchmarks or options, does not replace all of them.
    /// </summary>
    /// <param name="folder">The folder, which may be new.</param>
    /// <exception cref="StorageException">What an earlier reproduction says of itself cannot be read.</exception>
    public static ImmutableArray<string> FilesIn(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var earlier = File.Exists(path) ? JsonSerializer.Deserialize<Earlier>(File.ReadAllText(path), MessageJson.Options) : null;
            return earlier is null ? [] :
            [
                .. FilesOf(folder, earlier.Parts.SelectMany(part => part.Files).Concat(earlier.Left.IsDefault ? [] : earlier.Left))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (JsonException problem)
        {
            throw new StorageException($"{path} holds no reproduction: delete it to begin anew", problem);
        }
    }

    /// <summary>The files that are there of a reproduction's pages and drawings, in every form.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pages">The pages and drawings, relative to it.</param>
    public static IEnumerable<string> FilesOf(string folder, IEnumerable<string> pages) => pages
        .SelectMany(page => Forms.Select(form => Path.ChangeExtension(page, null) + form).Append(page))
        .Where(file => File.Exists(Path.Combine(folder, file))).Distinct(StringComparer.Ordinal);

    /// <summary>Writes <c>README.md</c> and <c>reproduction.json</c>.</summary>
    /// <param name="folder">Where to.</param>
    public void Write(string folder)
    {
        AtomicFile.Write(Path.Combine(folder, FileName), JsonDocuments.Text(Json(folder), MessageJson.Indented) + "\n");
        AtomicFile.Write(Path.Combine(folder, "README.md"), Markdown());
    }

    /// <summary>What <c>--json</c> prints; docs/json.md describes the fields, which stay.</summary>
    public object Json(string folder) => new
    {
        command = Command,
        source = Published.Source,
        parts = Parts,
        notRun = Published.NotRun,
        left = Left,
        seconds = Seconds,
        output = Path.GetFullPath(folder),
    };

    private string Markdown()
    {
        var text = new StringBuilder("# LPZero's tables and figures, computed here\n\n");
        text.Append($"    {Command}\n\nPublished figures are of {Published.Source}. It took {Figures.Duration(Seconds)}.\n");
        MarkdownReport.Append(text, new ReportTable(
            "Parts", "Each page has our figures beside the published ones, and the seeds. The command computes ours alone; the published " +
            "ones stand beside them here only.",
            [
                new("part", CellKind.Text), new("what", CellKind.Text), new("where", CellKind.Text), new("command", CellKind.Code),
                new("seeds", CellKind.Text),
            ],
            [
                .. Parts.Select(part => ImmutableArray.Create<Cell>(
                    part.Part, part.What,
                    part.Skipped is { } reason
                        ? new Cell($"skipped: {reason}")
                        : string.Join(", ", part.Files.Select(file => $"[{file}]({file})")),
                    part.Command ?? "", part.Seeds ?? "")),
            ]));
        if (!Left.IsEmpty)
        {
            text.Append("\n## Left by earlier reproductions\n\nThese files of the folder are not of this command:\n\n");
            foreach (var file in Left)
            {
                text.Append($"- [{file}]({file})\n");
            }
        }

        text.Append("\n## What the paper says of them\n\n");
        foreach (var note in Published.Notes)
        {
            text.Append($"- {note.Part}: {note.Note}\n");
        }

        text.Append("\n## Not run here\n\n");
        foreach (var part in Published.NotRun)
        {
            text.Append($"- {part.Part}: {part.Reason}\n");
        }

        return text.Append($"\nlpzero {ProgramVersion.Text}\n").ToString();
    }

    /// <summary>What is read of <see cref="FileName"/>; one that an older program wrote says nothing of what was left.</summary>
    private sealed record Earlier(ImmutableArray<ReproducedPart> Parts, ImmutableArray<string> Left);
}
