using System.Text;

namespace LPZero.Seed.CommandLine;

/// <summary>A line of a text file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without white space at its ends; not empty.</param>
internal sealed record FileLine(int Number, string Text);

/// <summary>Small text files that options name, one entry a line.</summary>
internal static class LineFile
{
    private const long LargestBytes = 16 << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines that are not empty.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="UsageException">There is no such file, or it is no text, or holds nothing.</exception>
    public static IReadOnlyList<FileLine> Read(string option, string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestBytes)
            {
                throw new UsageException($"{option} {path}: larger than {LargestBytes >> 20} MB; give a text file with one entry a line");
            }

            List<FileLine> lines = [.. File.ReadAllLines(path, Strict).Select((text, i) => new FileLine(i + 1, text.Trim())).Where(line => line.Text.Length > 0)];
            return lines.Count > 0 ? lines : throw new UsageException($"{option} {path}: the file is empty; give one entry a line");
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException($"{option} {path}: not UTF-8; give a text file with one entry a line");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{option} {path}: cannot be read ({problem.Message})");
        }
    }
}
