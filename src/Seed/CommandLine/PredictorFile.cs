using System.Text;
using LPZero.Messages.Predictors;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.CommandLine;

/// <summary>A predictor as a file, where an expression may stand.</summary>
internal static class PredictorFile
{
    // No expression and no id of a proxy ends like this.
    private const string Ending = ".json";

    // A thousand parts are some hundred kilobytes.
    private const int LargestBytes = 4 << 20;

    /// <summary>The predictor; null where the text names no file but is an expression or a name.</summary>
    /// <exception cref="UsageException">See <see cref="Read"/>.</exception>
    public static Predictor? Find(string text) => text.EndsWith(Ending, StringComparison.Ordinal) ? Read(text) : null;

    /// <summary>Reads a predictor.</summary>
    /// <exception cref="UsageException">It cannot be read, is no predictor, or was changed; one line says which file and why.</exception>
    public static Predictor Read(string path)
    {
        try
        {
            var content = InputFile.Read(path, "predictor", LargestBytes);
            Utf8File.Check(content, path);
            return PredictorJson.Read(Encoding.UTF8.GetString(content).TrimStart('\uFEFF'));
        }
        catch (BenchmarkException problem)
        {
            throw new UsageException(problem.Message);
        }
        catch (FormatException problem)
        {
            throw new UsageException($"{path}: {problem.Message}");
        }
    }
}
