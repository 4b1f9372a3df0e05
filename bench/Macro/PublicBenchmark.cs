using LPZero.Bench.Fixtures;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;

namespace LPZero.Bench.Macro;

/// <summary>
/// The first architectures of the public FlexiBERT benchmark as trained, or made-up ones of the same space where its file is absent.
/// </summary>
internal static class PublicBenchmark
{
    public static string File { get; set; } = Path.Combine("..", "shared", "benchmarks", "flexibert", "BERT_benchmark.json");

    public static ArchitectureSet SearchSet(int count) => System.IO.File.Exists(File)
        ? ArchitectureSet.Of(BenchmarkSource.Load($"flexibert:{File}").Architectures.Take(count), Shapes.AsTrained)
        : MadeUpBenchmark.Architectures(count);
}
