using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Search;

/// <summary>
/// The ranges and contradictions of a <see cref="SearchConfiguration"/>: the same for every way in, be it the command
/// line, the control API or a stored run.
/// </summary>
internal sealed class ConfigurationCheck
{
    private const int LongestName = 100;
    private const int LargestPopulation = 100_000;
    private const int LargestBatchSide = ProbeSettings.LargestSide;
    private const long MostTokens = ProbeSettings.MostTokens;

    private readonly ImmutableArray<ConfigurationProblem>.Builder problems = ImmutableArray.CreateBuilder<ConfigurationProblem>();

    public static ImmutableArray<ConfigurationProblem> Of(SearchConfiguration configuration, Benchmark? benchmark)
    {
        var check = new ConfigurationCheck();
        check.Check(configuration);
        check.CheckAgainst(configuration, benchmark);
        return check.problems.ToImmutable();
    }

    private void Check(SearchConfiguration configuration)
    {
        if (configuration.Preset is not { Length: > 0 and <= LongestName } || configuration.Preset.Any(char.IsControl))
        {
            Add("preset", "", $"give one of {string.Join(", ", SearchConfiguration.Presets.Keys)}");
        }

        if (configuration.FindProblemOfVersion() is { } problemOfVersion)
        {
            Add("version", Text(configuration.Version),
                $"{problemOfVersion}; start a new run, or go on with the program that started this one");
        }

        InRange("population", configuration.Population, 2, LargestPopulation);
        InRange("iterations", configuration.Iterations, 0, int.MaxValue);
        InRange("offspringPerIteration", configuration.OffspringPerIteration, 1, LargestPopulation);
        InRange("evaluations", configuration.Evaluations ?? 1, 1, int.MaxValue);
        InRange("plateau", configuration.Plateau ?? 1, 1, int.MaxValue);
        InRange("unaryOperations", configuration.UnaryOperations, 1, Chain.MaximumLength);
        InRange("batchSize", configuration.BatchSize, 1, LargestBatchSide);
        Share("crossoverRate", configuration.CrossoverRate);
        Share("mutationRate", configuration.MutationRate);
        Share("minDistinct", configuration.MinDistinct);
        if (configuration.TournamentRatio is not (> 0 and <= 1))
        {
            Add("tournamentRatio", Text(configuration.TournamentRatio), "give a share above 0, up to 1");
        }

        if (configuration.Target is not (null or (>= -1 and <= 1)))
        {
            Add("target", Text(configuration.Target.Value), "give a rank correlation from -1 to 1");
        }

        Set("inputs", configuration.Inputs, input => input.ToString());
        Set("layerReductions", configuration.LayerReductions, OperationNames.Name);
        if (!configuration.StartWith.IsDefaultOrEmpty && !problems.Any(problem => problem.Field is "inputs" or "layerReductions"))
        {
            CheckStart(configuration);
        }

        Defined("strategy", configuration.Strategy);
        Defined("truth", configuration.Truth);
        Defined("sampling", configuration.Sampling);
        Defined("drawWeights", configuration.DrawWeights);
        Defined("tensorReduction", configuration.TensorReduction);
        Defined("elementReduction", configuration.ElementReduction);
        Defined("combine", configuration.Combine);
        Defined("fitness", configuration.Fitness);
        Defined("answer", configuration.Answer);
        CheckPrefix(configuration);
        Defined("weights", configuration.Weights);
        Defined("loss", configuration.Loss);
        Defined("start", configuration.Start);
        Defined("mode", configuration.Mode);
        Defined("pruning", configuration.Pruning);
        if (configuration.Shapes is { } shapes)
        {
            Defined("shapes", shapes);
        }
    }

    /// <summary>What depends on the benchmark, where there is one.</summary>
    private void CheckAgainst(SearchConfiguration configuration, Benchmark? benchmark)
    {
        var most = benchmark is null ? int.MaxValue : benchmark.Architectures.Length - SearchConfiguration.FewestArchitectures;
        if (configuration.SearchIds.IsDefaultOrEmpty)
        {
            InRange("searchArchitectures", configuration.SearchArchitectures, SearchConfiguration.FewestArchitectures, most);
        }
        else
        {
            CheckIds(configuration.SearchIds, most, benchmark);
        }

        if (configuration.Truth == TruthKind.Reliability && benchmark is { Tasks: null or { Reliability.IsEmpty: true } })
        {
            Add("truth", "reliability", "the benchmark has no tasks with a reliability; leave it out, or import the benchmark again");
        }

        var longest = benchmark?.Sizes.Positions ?? LargestBatchSide;
        InRange("sequenceLength", configuration.SequenceLength, 2, longest);
        var tokens = (long)configuration.BatchSize * configuration.SequenceLength;
        if (configuration.BatchSize is >= 1 and <= LargestBatchSide && configuration.SequenceLength >= 2
            && configuration.SequenceLength <= longest && tokens > MostTokens)
        {
            Add("batchSize", Text(configuration.BatchSize),
                $"with sequences of {Text(configuration.SequenceLength)} tokens give at most " +
                $"{Text(MostTokens / configuration.SequenceLength)}");
        }
    }

    /// <summary>A split by hand: each identifier known and given once, enough of them, and enough left to hold out.</summary>
    private void CheckIds(ImmutableArray<string> ids, int most, Benchmark? benchmark)
    {
        var known = benchmark?.Architectures.Select(architecture => architecture.Id).ToHashSet(StringComparer.Ordinal);
        if (known is not null && ids.FirstOrDefault(id => !known.Contains(id)) is { } unknown)
        {
            Add("searchIds", Printable(unknown), $"the benchmark has no such architecture; {NearestNames.Suggest(unknown, known)}");
        }
        else if (ids.GroupBy(id => id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: var repeated })
        {
            Add("searchIds", Printable(repeated), "give each architecture once");
        }
        else if (ids.Length < SearchConfiguration.FewestArchitectures || ids.Length > most)
        {
            Add("searchIds", "",
                $"{Text(ids.Length)} architectures are given; give from {Text(SearchConfiguration.FewestArchitectures)} to {Text(most)}");
        }
    }

    /// <summary>Known proxies: each within the space that is searched, and not more than the population holds.</summary>
    private void CheckStart(SearchConfiguration configuration)
    {
        if (configuration.StartWith.Length > configuration.Population)
        {
            Add("startWith", "",
                $"{Text(configuration.StartWith.Length)} proxies are given; give at most the population, {Text(configuration.Population)}");
        }

        foreach (var proxy in configuration.StartWith)
        {
            if (OutsideOf(configuration, proxy) is { } mend)
            {
                Add("startWith", proxy.ToString(), mend);
            }
        }
    }

    /// <summary>Proxies behind a prefix break its ties alone: there is nothing that a regression on structure could add or leave.</summary>
    private void CheckPrefix(SearchConfiguration configuration)
    {
        if (configuration.Prefix is not { } prefix)
        {
            return;
        }

        if (PrintableText.FindProblemOfName(prefix) is not null)
        {
            Add("prefix", Printable(prefix), $"give the name of a ranking, such as '{RankingNames.LayersThenHiddenSize}'");
        }

        if (configuration.Fitness != FitnessTarget.Truth)
        {
            Add("fitness", configuration.Fitness.ToString().ToLowerInvariant(), "with a prefix give truth");
        }

        if (configuration.Answer is AnswerRule.Sum or AnswerRule.Regression)
        {
            Add("answer", AnswerRules.Name(configuration.Answer), "with a prefix give proxy, mean-rank or ensemble");
        }
    }

    private static string? OutsideOf(SearchConfiguration configuration, Proxy proxy)
    {
        if (Math.Max(proxy.Left.Chain.Count, proxy.Right.Chain.Count) > configuration.UnaryOperations)
        {
            return $"give branches of at most {Text(configuration.UnaryOperations)} operations, as the search has";
        }

        if (!configuration.Inputs.Contains(proxy.Left.Input) || !configuration.Inputs.Contains(proxy.Right.Input))
        {
            return $"give inputs that the search has: {string.Join(", ", configuration.Inputs)}";
        }

        return proxy.LayerReduction is { } reduction && !configuration.LayerReductions.Contains(reduction)
            ? $"give a layer reduction that the search has: {string.Join(", ", configuration.LayerReductions.Select(OperationNames.Name))}"
            : null;
    }

    private static string Printable(string text) => string.Concat(text.Take(LongestName).Select(c => char.IsControl(c) ? '?' : c));

    private void InRange(string field, int value, int low, int high)
    {
        if (value < low || value > high)
        {
            Add(field, Text(value), $"give a number from {Text(low)} to {Text(high)}");
        }
    }

    private void Share(string field, double value)
    {
        if (value is not (>= 0 and <= 1))
        {
            Add(field, Text(value), "give a share from 0 to 1");
        }
    }

    /// <summary>At least one value, each known, none twice.</summary>
    private void Set<T>(string field, ImmutableArray<T> values, Func<T, string> name)
        where T : struct, Enum
    {
        var known = string.Join(", ", Enum.GetValues<T>().Select(name));
        if (values.IsDefaultOrEmpty)
        {
            Add(field, "", $"give at least one of {known}");
        }
        else if (values.Any(value => !Enum.IsDefined(value)))
        {
            Add(field, "", $"give some of {known}");
        }
        else if (values.Distinct().Count() < values.Length)
        {
            Add(field, string.Join(',', values.Select(name)), "give each of them once");
        }
    }

    private void Defined<T>(string field, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add(field, value.ToString(), $"give one of {string.Join(", ", Enum.GetNames<T>())}");
        }
    }

    private void Add(string field, string value, string mend) => problems.Add(new ConfigurationProblem(field, value, mend));

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
