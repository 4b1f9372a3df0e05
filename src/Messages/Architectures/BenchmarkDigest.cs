using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LPZero.Messages.Architectures;

/// <summary>Identifies what a benchmark says, whichever form of file it was read from.</summary>
public static class BenchmarkDigest
{
    /// <summary>SHA-256 in hexadecimal over metric, shapes, sizes, tasks and every architecture with its truth, in their order.</summary>
    public static string Of(Benchmark benchmark)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"lpzero-benchmark-1|{benchmark.Metric}|{ShapesNames.Name(benchmark.Shapes)}|");
        text.Append(CultureInfo.InvariantCulture,
            $"{benchmark.Sizes.Vocabulary}/{benchmark.Sizes.Embedding}/{benchmark.Sizes.Positions}\n");
        foreach (var architecture in benchmark.Architectures)
        {
            text.Append(CultureInfo.InvariantCulture, $"{architecture.Id}|{architecture.Genotype}|{architecture.Truth:R}\n");
        }

        if (benchmark.Tasks is { } tasks)
        {
            Append(text, tasks, benchmark.Architectures);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>A benchmark without tasks has the digest that it had before there were any.</summary>
    private static void Append(StringBuilder text, TruthTasks tasks, ImmutableArray<Architecture> architectures)
    {
        text.Append(CultureInfo.InvariantCulture, $"tasks|{string.Join('|', tasks.Names)}|{string.Join('|', tasks.Failed)}|");
        text.AppendJoin('|', tasks.Reliability.OrderBy(task => task.Key, StringComparer.Ordinal)
            .Select(task => string.Create(CultureInfo.InvariantCulture, $"{task.Key} {task.Value:R}")));
        foreach (var architecture in architectures)
        {
            text.Append('\n').AppendJoin('|', architecture.Tasks.Select(score => score.ToString("R", CultureInfo.InvariantCulture)));
        }
    }
}
