namespace LPZero.Tests;

/// <summary>Where the tests run; compiled into every test project.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution; null where the tests run elsewhere.</summary>
    public static string? Root { get; } = Find();

    private static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LPZero.Cluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
