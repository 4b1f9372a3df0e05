namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>The folder of the public benchmarks (../shared/benchmarks, or LPZERO_BENCHMARKS).</summary>
internal static class PublicBenchmarks
{
    public static string Find(string path) => Path.Combine(
        Environment.GetEnvironmentVariable("LPZERO_BENCHMARKS")
            ?? Path.Combine(PublicBenchmarkFactAttribute.Root(), "..", "shared", "benchmarks"),
        path);
}

/// <summary>A test over one of the public benchmarks' files.</summary>
public sealed class BenchmarkFactAttribute : FactAttribute
{
    public BenchmarkFactAttribute(string path)
    {
        if (!Path.Exists(PublicBenchmarks.Find(path)))
        {
            Skip = $"{path} is not there (../shared/benchmarks or LPZERO_BENCHMARKS)";
        }
    }
}
