using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Evaluation;
using LPZero.Seed.Evaluation;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>An evaluation as a terminal shows it.</summary>
internal static class EvaluationText
{
    /// <summary>All of it, in the width of files and without colours.</summary>
    public static string Plain(EvaluationReport report)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Program.WidthOfFiles;
        Write(report, console);
        return text.ToString();
    }

    /// <summary>Writes the table, what each benchmark says, and the notes.</summary>
    public static void Write(EvaluationReport report, IAnsiConsole console)
    {
        Write(report.Benchmarks, console);
        foreach (var heldOut in report.HeldOut)
        {
            Write(heldOut, console);
        }

        foreach (var note in report.Notes)
        {
            console.Profile.Out.Writer.WriteLine($"note: {note}");
        }
    }

    /// <summary>Writes from what networks are held out, their table, and what it says.</summary>
    public static void Write(HeldOutPart heldOut, IAnsiConsole console)
    {
        console.Profile.Out.Writer.WriteLine(EvaluationReport.HeldOutFrom(heldOut));
        Write([heldOut.Evaluation], console);
    }

    /// <summary>Writes the table with the interval of rho alone, and what each benchmark says.</summary>
    public static void Write(ImmutableArray<BenchmarkEvaluation> benchmarks, IAnsiConsole console)
    {
        var table = EvaluationReport.TableOf(benchmarks);
        var rho = table.Columns.Select(column => column.Name).ToList().IndexOf("rho");
        var fitted = new FittedTable([.. table.Columns.Select(column => column.Name)]);
        foreach (var row in table.Rows)
        {
            fitted.Add([.. row.Select((cell, column) => string.Join('\n', column == rho ? cell.Lines : [cell.Lines[0]]))]);
        }

        fitted.Write(console);
        foreach (var benchmark in benchmarks)
        {
            console.Profile.Out.Writer.WriteLine(EvaluationReport.Verdict(benchmark));
        }
    }
}
