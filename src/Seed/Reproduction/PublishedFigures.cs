using System.Collections.Immutable;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Seed.Ablation;

namespace LPZero.Seed.Reproduction;

/// <summary>A proxy of a published table. What could not be read is null.</summary>
/// <param name="Name">As it is published.</param>
/// <param name="Id">
/// Our id of it; <see cref="PublishedFigures.Found"/> for what a search finds; null where we have none of that name.
/// </param>
/// <param name="PaperRho">Spearman's rho in the paper.</param>
/// <param name="PaperTau">Kendall's tau in the paper.</param>
/// <param name="FilesRho">Rho of the scores that the authors published.</param>
/// <param name="FilesTau">Kendall's tau-b of these.</param>
internal sealed record PublishedRow(
    string Name, string? Id = null, double? PaperRho = null, double? PaperTau = null, double? FilesRho = null, double? FilesTau = null);

/// <summary>A published table of proxies.</summary>
/// <param name="Table">Its number in the paper.</param>
/// <param name="Benchmark">What it is of.</param>
/// <param name="Rows">Its proxies.</param>
internal sealed record PublishedTable(int Table, string Benchmark, ImmutableArray<PublishedRow> Rows);

/// <summary>What is to be known of a part of the paper, or what it says in words.</summary>
internal sealed record PublishedNote(string Part, string Note);

/// <summary>A part of the paper that is not run here, and why.</summary>
internal sealed record NotRun(string Part, string Reason);

/// <summary>
/// What the paper and its authors publish, to set beside ours: the file <c>published.json</c> beside this one, with where it was read.
/// </summary>
internal sealed record PublishedFigures(
    string Source, ImmutableArray<PublishedTable> Tables, ImmutableArray<PublishedWinRate> WinRates, ImmutableArray<PublishedNote> Notes,
    ImmutableArray<NotRun> NotRun)
{
    /// <summary>The id of the row of what a search finds.</summary>
    public const string Found = "found";

    private const string Resource = "LPZero.Seed.Reproduction.published.json";

    /// <summary>Reads them.</summary>
    public static PublishedFigures Read()
    {
        using var stream = typeof(PublishedFigures).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<PublishedFigures>(stream, MessageJson.Options)!;
    }

    /// <summary>The note of a part; empty where there is none.</summary>
    public string NoteOf(string part) => Notes.FirstOrDefault(note => note.Part == part)?.Note ?? "";
}
