using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages.Control;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>How stored benchmarks are listed.</summary>
internal static class BenchmarkTable
{
    private const int ShownDigits = 12;

    /// <summary>Prints them for people or as JSON.</summary>
    public static void Print(ImmutableArray<BenchmarkListing> benchmarks, bool json)
    {
        if (json)
        {
            CommonOptions.PrintJson(benchmarks);
            return;
        }

        AnsiConsole.Write(Of(benchmarks));
    }

    /// <summary>A row for each.</summary>
    public static Table Of(ImmutableArray<BenchmarkListing> benchmarks)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("benchmark", "digest", "architectures", "truth", "runs");
        foreach (var benchmark in benchmarks)
        {
            table.AddRow(
                Markup.Escape(benchmark.Name), benchmark.Digest[..ShownDigits], benchmark.Architectures.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(benchmark.Metric), benchmark.Runs.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }
}
