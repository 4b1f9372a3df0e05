using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Seed.CommandLine;

/// <summary>A predictor as a file, where an expression may stand.</summary>
internal static class PredictorFile
{
    private const string Ending = ".json";

    /// <summary>The predictor; null where the text names no file but is an expression or a name.</summary>
    /// <exception cref="UsageException">The file cannot be read, or holds no predictor.</exception>
    public static Predictor? Find(string text)
    {
        if (!text.EndsWith(Ending, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return PredictorJson.Read(File.ReadAllText(text));
        }
        catch (FormatException problem)
        {
            throw new UsageException($"{text}: {problem.Message}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{text}: no such predictor can be read ({problem.Message})");
        }
    }

    /// <summary>A benchmark whose networks are probed as the predictor's were; the shapes stay the benchmark's.</summary>
    /// <exception cref="UsageException">The benchmark has no room for such a probe.</exception>
    public static EvaluatedBenchmark Probed(EvaluatedBenchmark on, Predictor predictor)
    {
        if (predictor.Probe is not { } probe)
        {
            return on;
        }

        var configuration = PredictorProbes.With(on.Configuration, probe) with { Shapes = on.Configuration.Shapes };
        return configuration.Problems(on.Benchmark) is [var problem, ..]
            ? throw new UsageException($"{predictor.Name} on {on.Name}: {problem.Describe(problem.Field)}")
            : on with { Configuration = configuration };
    }

    /// <summary>An expression as a predictor's part, with the reductions of a configuration where it has none of its own.</summary>
    public static ProxyPart PartOf(Messages.Proxies.Proxy proxy, SearchConfiguration configuration) => new(
        proxy with { LayerReduction = proxy.LayerReduction ?? configuration.LayerReductions[0] }, configuration.ElementReduction,
        configuration.TensorReduction);
}
