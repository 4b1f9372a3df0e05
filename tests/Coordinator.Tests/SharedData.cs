namespace LPZero.Coordinator.Tests;

/// <summary>Where this repository and the data beside it are.</summary>
internal static class SharedData
{
    public static string Root { get; } = Repository.Root ?? AppContext.BaseDirectory;

    public static string Vectors { get; } =
        Environment.GetEnvironmentVariable("LPZERO_VECTORS") ?? Path.Combine(Root, "..", "shared", "vectors");
}

/// <summary>A test that reads one of the vector files, and is skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute(string file)
    {
        var path = Path.Combine(SharedData.Vectors, file);
        if (!File.Exists(path))
        {
            Skip = $"No {path}; set LPZERO_VECTORS to the folder that holds {file}.";
        }
    }
}
