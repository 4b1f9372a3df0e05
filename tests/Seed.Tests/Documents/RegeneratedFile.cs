namespace LPZero.Seed.Tests.Documents;

/// <summary>A file of the repository that is made of the program; LPZERO_REGENERATE_GOLDEN=1 writes it anew.</summary>
internal static class RegeneratedFile
{
    /// <summary>Fails where the file does not hold the text.</summary>
    /// <param name="path">The file, as seen from the repository's root.</param>
    /// <param name="text">What it should hold.</param>
    public static void AssertHolds(string path, string text)
    {
        var file = Path.Combine(Repository.Root!, path);
        if (Environment.GetEnvironmentVariable("LPZERO_REGENERATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text);
        }

        // The first line that differs says more than both texts.
        var (stored, made) = (File.Exists(file) ? File.ReadAllLines(file) : [], text.TrimEnd('\n').Split('\n'));
        var at = Enumerable.Range(0, Math.Max(stored.Length, made.Length))
            .FirstOrDefault(line => stored.ElementAtOrDefault(line) != made.ElementAtOrDefault(line), -1);
        Assert.True(at < 0, $"{path}, line {at + 1}: write it anew with LPZERO_REGENERATE_GOLDEN=1\n" +
            $"stored: {stored.ElementAtOrDefault(at)}\nmade:   {made.ElementAtOrDefault(at)}");
    }
}
