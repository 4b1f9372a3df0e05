using System.Text.Json;
using LPZero.Messages.Architectures;
using LPZero.Seed.Wire;

namespace LPZero.Seed.Integrity;

/// <summary>Reads a benchmark that was stored, or carried, and may have been altered since.</summary>
internal static class BenchmarkContent
{
    /// <summary>The benchmark; whether it is what its digest says is another question.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or a part of it is missing.</exception>
    public static Benchmark Read(string content)
    {
        try
        {
            var benchmark = JsonSerializer.Deserialize<Benchmark>(content, GenotypeJson.Reading);
            return benchmark is { Name: not null, Metric: not null, Sizes: not null, Architectures.IsDefault: false }
                && benchmark.Architectures.All(architecture => architecture is { Id: not null, Genotype: not null })
                && (benchmark.Tasks is not { } tasks
                    || (tasks.FindProblem() is null && benchmark.Architectures.All(a => tasks.FindMisfit(a) is null)))
                ? benchmark
                : throw new InvalidDataException("a part of it is missing");
        }
        catch (Exception problem) when (problem is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException(problem.Message.ReplaceLineEndings(" "), problem);
        }
    }
}
