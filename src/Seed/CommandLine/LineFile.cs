using System.Text;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.CommandLine;

/// <summary>A line of a text file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without white space at its ends; not empty.</param>
internal sealed record FileLine(int Number, string Text);

/// <summary>Small text files that options name, one entry a line.</summary>
internal static class LineFile
{
    /// <summary>The lines that are not empty.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="UsageException">There is no such file, or it is no text, or holds nothing.</exception>
    public static IReadOnlyList<FileLine> Read(string option, string path)
    {
        try
        {
            var content = InputFile.Read(path, "text");
            Utf8File.Check(content, path);
            List<FileLine> lines =
            [
                .. Encoding.UTF8.GetString(content).TrimStart('\uFEFF').Split('\n')
                    .Select((text, i) => new FileLine(i + 1, text.Trim())).Where(line => line.Text.Length > 0),
            ];
            return lines.Count > 0 ? lines : throw new UsageException($"{option} {path}: the file is empty; give one entry a line");
        }
        catch (BenchmarkException problem)
        {
            throw new UsageException($"{option} {problem.Message}");
        }
    }
}
