namespace LPZero.Coordinator.Tests.Folders;

/// <summary>The C# files of the repository, without those that a build makes.</summary>
internal static class Sources
{
    /// <summary>The files below a folder of the repository.</summary>
    public static IEnumerable<string> Under(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root!, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Repository.Root!, file).Split('/').Any(part => part is "bin" or "obj"));
}
