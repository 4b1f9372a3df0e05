namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>A test over the public FlexiBERT benchmark (../shared/benchmarks, or LPZERO_BENCHMARKS).</summary>
public sealed class PublicBenchmarkFactAttribute : FactAttribute
{
    public PublicBenchmarkFactAttribute()
    {
        if (!File.Exists(Path))
        {
            Skip = "the public FlexiBERT benchmark is not there (../shared/benchmarks or LPZERO_BENCHMARKS)";
        }
    }

    public static string Path { get; } = System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("LPZERO_BENCHMARKS") ?? System.IO.Path.Combine(Root(), "..", "shared", "benchmarks"),
        "flexibert",
        "BERT_benchmark.json");

    public static string Root() => Repository.Root ?? AppContext.BaseDirectory;
}
