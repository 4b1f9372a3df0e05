using System.Collections.Immutable;
using LPZero.Seed.Reporting;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>A table that fits the terminal by breaking cells between words and operators, never within a name.</summary>
/// <param name="columns">The headings.</param>
internal sealed class FittedTable(params ImmutableArray<string> columns)
{
    private readonly List<ImmutableArray<string>> rows = [];

    /// <summary>A report's table, all lines of its cells.</summary>
    public static FittedTable Of(ReportTable table)
    {
        var fitted = new FittedTable([.. table.Columns.Select(column => column.Name)]);
        foreach (var row in table.Rows)
        {
            fitted.Add([.. row.Select(cell => string.Join('\n', cell.Lines))]);
        }

        return fitted;
    }

    /// <summary>Adds a row; cells that are left out at its end are empty.</summary>
    public void Add(params ImmutableArray<string> cells) => rows.Add([.. cells, .. Enumerable.Repeat("", columns.Length - cells.Length)]);

    /// <summary>Prints the table.</summary>
    public void Write(IAnsiConsole console)
    {
        // A line, a blank behind each column, and one for each frame that this border leaves out.
        var widths = Widths(console.Profile.Width - 1 - (2 * columns.Length));
        var table = new Table().Border(TableBorder.Simple);
        for (var i = 0; i < columns.Length; i++)
        {
            table.AddColumn(new TableColumn(Cell(columns[i], widths[i])) { Width = widths[i], Padding = new Padding(0, 0, 1, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select((cell, i) => Cell(cell, widths[i])));
        }

        console.Write(table);
    }

    /// <summary>
    /// The columns' widths: as wide as their cells where all fit, else as narrow as names allow, and what is left over
    /// goes to the column of the most lines.
    /// </summary>
    /// <param name="available">Characters for all cells of a row.</param>
    internal int[] Widths(int available)
    {
        int[] natural = [.. Enumerable.Range(0, columns.Length)
            .Select(i => Math.Max(1, Cells(i).Max(cell => LineBreaks.Wrap(cell, int.MaxValue).Max(line => line.Length))))];
        if (natural.Sum() <= available)
        {
            return natural;
        }

        int[] widths = [.. Enumerable.Range(0, columns.Length).Select(i => Math.Max(1, Cells(i).Max(LineBreaks.Narrowest)))];
        for (var left = available - widths.Sum(); left > 0; left--)
        {
            var tallest = Enumerable.Range(0, columns.Length).Where(i => widths[i] < natural[i])
                .MaxBy(i => Cells(i).Sum(cell => LineBreaks.Wrap(cell, widths[i]).Count));
            widths[tallest]++;
        }

        return widths;
    }

    private IEnumerable<string> Cells(int column) => rows.Select(row => row[column]).Prepend(columns[column]);

    private static Text Cell(string text, int width) => new(string.Join('\n', LineBreaks.Wrap(text, width)));
}
