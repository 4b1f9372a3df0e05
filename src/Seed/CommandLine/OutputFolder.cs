using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// A folder for results. It belongs to one run or search, named by a file in it, so that nothing overwrites what another has found.
/// </summary>
internal static class OutputFolder
{
    private const string OwnerFile = "owner.txt";
    private static readonly string[] Results =
    [
        "report.html", "report.md", "hall-of-fame.csv", "exhaustive.json", "choice.json", "nas.json", "transfer.json",
        "transfer.predictor.json", "evolution.json", "operations.json", "variance.json", "options.json", "reproduction.json",
        "table-3.json", "table-4.json",
    ];

    /// <summary>The owner that a run is.</summary>
    /// <param name="run">Its name.</param>
    /// <param name="place">What tells where it is from other places.</param>
    public static string OwnerOf(string run, string place) => $"run '{run}' of {place}";

    /// <summary>Whether a new run could have the folder.</summary>
    public static bool IsFree(string folder) =>
        !Directory.Exists(folder) || (!File.Exists(Path.Combine(folder, OwnerFile)) && ResultIn(folder) is null);

    /// <summary>Makes the folder where it is missing, and takes it for good.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="owner">Who wants it.</param>
    /// <param name="goesOn">Whether results that this owner left there are its own to replace.</param>
    /// <param name="option">What names the folder, with the space behind an option's name.</param>
    /// <exception cref="UsageException">It cannot be made, or holds what is not the owner's.</exception>
    public static void Take(string folder, string owner, bool goesOn, string option = "--out ")
    {
        var file = Path.Combine(folder, OwnerFile);
        try
        {
            Directory.CreateDirectory(folder);
            var present = File.Exists(file) ? File.ReadAllText(file).Trim() : null;
            if (present is not null && present != owner)
            {
                throw new UsageException($"{option}{folder}: it belongs to {present}; choose another folder");
            }

            if (ResultIn(folder) is { } result && !(goesOn && present == owner))
            {
                throw new UsageException(
                    $"{option}{folder}: it holds {result} of {present ?? "something else"}; choose another folder, or remove this one");
            }

            AtomicFile.Write(file, owner + "\n");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{option}{folder}: no such folder can be made ({problem.Message})");
        }
    }

    /// <summary>Writes a report in its three forms.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="markdown">The page of Markdown.</param>
    /// <param name="html">The page of HTML.</param>
    /// <param name="name">The name of the file of JSON.</param>
    /// <param name="json">The JSON.</param>
    public static void WriteReport(string folder, string markdown, string html, string name, string json)
    {
        AtomicFile.Write(Path.Combine(folder, "report.md"), markdown);
        AtomicFile.Write(Path.Combine(folder, "report.html"), html);
        AtomicFile.Write(Path.Combine(folder, name), json);
    }

    private static string? ResultIn(string folder) => Results.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
}
