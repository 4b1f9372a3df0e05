namespace LPZero.GpuNode.Tests.Vectors;

/// <summary>Folders beside the repository that hold measured data; tests that need an absent one are skipped.</summary>
internal static class SharedData
{
    public static string? Vectors { get; } = Find("LPZERO_VECTORS", "vectors");

    public static string? Benchmarks { get; } = Find("LPZERO_BENCHMARKS", "benchmarks");

    private static string? Find(string variable, string folder)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            return Directory.Exists(given)
                ? given
                : throw new DirectoryNotFoundException($"{variable} names a folder that does not exist: {given}");
        }

        var path = Path.GetDirectoryName(Repository.Root) is { } above ? Path.Combine(above, "shared", folder) : null;
        return Directory.Exists(path) ? path : null;
    }
}

/// <summary>A test over the files of the vectors' folder (../shared/vectors, or LPZERO_VECTORS).</summary>
public sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute(params string[] files)
    {
        if (SharedData.Vectors is null)
        {
            Skip = "the measured vectors are not there (../shared/vectors or LPZERO_VECTORS)";
        }
        else if (files.FirstOrDefault(f => !Path.Exists(Path.Combine(SharedData.Vectors, f))) is { } missing)
        {
            Skip = $"{missing} is not in {SharedData.Vectors}";
        }
    }

    /// <summary>Set where the test needs the public FlexiBERT benchmark too.</summary>
    public string? Benchmark
    {
        get => null;
        set
        {
            if (SharedData.Benchmarks is null || !File.Exists(Path.Combine(SharedData.Benchmarks, value!)))
            {
                Skip = $"{value} is not there (../shared/benchmarks or LPZERO_BENCHMARKS)";
            }
        }
    }
}
