using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LPZero.Messages.Architectures;

/// <summary>Identifies what a benchmark says, whichever form of file it was read from.</summary>
public static class BenchmarkDigest
{
    /// <summary>SHA-256 in hexadecimal over metric, shapes, sizes and every architecture with its truth, in their order.</summary>
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

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
