using System.Collections.Immutable;

namespace LPZero.Seed.Reporting;

/// <summary>A table of a report, whatever format it is written in.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Explanation">What its columns mean, in sentences; empty where the heading says it.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows, each with a cell for each column.</param>
internal sealed record ReportTable(
    string Title, string Explanation, ImmutableArray<Column> Columns, ImmutableArray<ImmutableArray<Cell>> Rows);

/// <summary>A column and how its cells are set.</summary>
internal sealed record Column(string Name, CellKind Kind);

/// <summary>How cells are set.</summary>
internal enum CellKind
{
    Text,
    Number,
    Code,
}

/// <summary>A cell of one or more lines.</summary>
internal sealed record Cell(ImmutableArray<string> Lines, bool Strong = false)
{
    public Cell(string line, bool strong = false)
        : this([line], strong)
    {
    }

    public static implicit operator Cell(string line) => new(line);
}
