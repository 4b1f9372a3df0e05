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

        Of(benchmarks).Write(AnsiConsole.Console);
    }

    /// <summary>A row for each.</summary>
    public static FittedTable Of(ImmutableArray<BenchmarkListing> benchmarks)
    {
        var table = new FittedTable("benchmark", "digest", "architectures", "truth", "runs");
        foreach (var benchmark in benchmarks)
        {
            table.Add(
                benchmark.Name, benchmark.Digest[..ShownDigits], benchmark.Architectures.ToString(CultureInfo.InvariantCulture),
                benchmark.Metric, benchmark.Runs.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }
}
