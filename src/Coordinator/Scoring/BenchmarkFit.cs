using System.Globalization;
using LPZero.Coordinator.Truths;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Scoring;

/// <summary>Whether the networks that a configuration makes of a benchmark can be built and ranked.</summary>
public static class BenchmarkFit
{
    /// <summary>Why the benchmark cannot be searched so, or null where it can.</summary>
    /// <param name="benchmark">A benchmark without problems of its own.</param>
    /// <param name="configuration">A configuration without problems on this benchmark.</param>
    public static ConfigurationProblem? FindProblem(Benchmark benchmark, SearchConfiguration configuration) =>
        FindProblemOfProbe(benchmark, configuration) ?? FindProblemOfSearch(benchmark, configuration);

    /// <summary>Why networks of the benchmark cannot be built and probed so, or null where they can.</summary>
    /// <param name="benchmark">A benchmark without problems of its own.</param>
    /// <param name="configuration">Says how; nothing else of it is looked at.</param>
    public static ConfigurationProblem? FindProblemOfProbe(Benchmark benchmark, SearchConfiguration configuration)
    {
        var shapes = configuration.ShapesOn(benchmark);
        var name = ShapesNames.Name(shapes);
        foreach (var architecture in benchmark.Architectures)
        {
            if (architecture.Genotype.Resolve(shapes).FindProblem() is { } problem)
            {
                return new ConfigurationProblem(
                    "shapes", name, $"architecture '{architecture.Id}' cannot be built in them ({problem}); give others");
            }
        }

        var genotype = benchmark.Architectures[0].Genotype;
        if (configuration.Loss != LossKind.Signs && !genotype.HasMaskedLoss)
        {
            return new ConfigurationProblem(
                "loss", configuration.Loss.ToString().ToLowerInvariant(),
                $"networks of space {genotype.Space} have no loss but their own; give signs");
        }

        if (configuration.Mode == ProbeMode.Training && !genotype.HasDropout)
        {
            return new ConfigurationProblem("mode", "training", $"networks of space {genotype.Space} have no dropout; give eval");
        }

        return configuration.Start == WeightStart.AsTrained
            && benchmark.Architectures.FirstOrDefault(architecture => !architecture.Genotype.HasStartAsTrained) is { } unknown
                ? new ConfigurationProblem(
                    "start", "as-trained",
                    $"how training began is not known of architecture '{unknown.Id}' of space {unknown.Genotype.Space}; give normal")
                : null;
    }

    private static ConfigurationProblem? FindProblemOfSearch(Benchmark benchmark, SearchConfiguration configuration)
    {
        var search = SearchSample.Of(benchmark, configuration with { Truth = TruthKind.Given }).Search;
        if (configuration.Truth == TruthKind.Reliability && TaskTruth.FindProblem(benchmark, search.Architectures) is { } noTruth)
        {
            return new ConfigurationProblem("truth", "reliability", noTruth);
        }

        var networks = search.Networks.Length;
        if (configuration.Prefix is { } prefix && FindUnknown(prefix, benchmark, configuration) is { } mend)
        {
            return new ConfigurationProblem("prefix", prefix, mend);
        }

        var needy = configuration.Fitness is FitnessTarget.Residual or FitnessTarget.Sum
            ? ("fitness", configuration.Fitness.ToString().ToLowerInvariant())
            : RankingNames.IsFitted(configuration.Prefix) ? ("prefix", configuration.Prefix!)
            : default((string Field, string Value)?);
        if (networks >= SearchConfiguration.FewestArchitectures && networks < SearchConfiguration.FewestNetworksOfRegression
            && needy is { } needs)
        {
            return new ConfigurationProblem(
                needs.Field, needs.Value,
                string.Create(CultureInfo.InvariantCulture,
                    $"the structure is fitted on {SearchConfiguration.FewestNetworksOfRegression} networks at least, and the search set " +
                    $"has {networks}; search more architectures, or leave it out"));
        }

        return networks >= SearchConfiguration.FewestArchitectures ? null : new ConfigurationProblem(
            "searchArchitectures",
            configuration.SearchArchitectures.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture,
                $"they are {networks} different networks in the shapes '{ShapesNames.Name(configuration.ShapesOn(benchmark))}', " +
                $"too few to rank; give more, or a benchmark with at least {SearchConfiguration.FewestArchitectures}"));
    }

    private static string? FindUnknown(string prefix, Benchmark benchmark, SearchConfiguration configuration)
    {
        var structure = benchmark.Architectures[0].Genotype.Resolve(benchmark.Shapes)
            .Describe(benchmark.Sizes, configuration.SequenceLength);
        var names = RankingNames.Of(structure.Baselines.Select(baseline => baseline.Name));
        return names.Contains(prefix, StringComparer.Ordinal) ? null : NearestNames.Suggest(prefix, names);
    }
}
