using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LPZero.Messages.Search;
using LPZero.Seed.Ablation;

namespace LPZero.Seed.CommandLine;

/// <summary>A file whose lines say, in the options of a search, by what searches differ from the one that the command line gives.</summary>
internal static class SearchLines
{
    private const char Comment = '#';

    /// <summary>The searches, the one that the command line gives first.</summary>
    /// <param name="option">The option that names the file, for the message.</param>
    /// <param name="path">The file; lines that begin with # are left out.</param>
    /// <param name="sets">What is searched on, each with the configuration that the command line gives.</param>
    /// <exception cref="UsageException">A line is no options of a search, or makes one that cannot be meant.</exception>
    public static ImmutableArray<ComparedSearch> Read(string option, string path, ImmutableArray<EvaluatedBenchmark> sets) =>
    [
        new(ComparedSearch.AsGiven, [.. sets.Select(set => set.Configuration)]),
        .. LineFile.Read(option, path).Where(line => line.Text[0] != Comment).DistinctBy(line => line.Text)
            .Select(line => Parse(option, path, line, sets)),
    ];

    private static ComparedSearch Parse(string option, string path, FileLine line, ImmutableArray<EvaluatedBenchmark> sets)
    {
        var options = new SearchOptions();
        var command = new Command("line");
        foreach (var each in options.Varying)
        {
            command.Options.Add(each);
        }

        var parsed = command.Parse([.. CommandLineParser.SplitCommandLine(line.Text)]);
        if (parsed.Errors.Count > 0)
        {
            throw Wrong(ParseErrors.First(parsed));
        }

        try
        {
            ImmutableArray<SearchConfiguration> configurations =
                [.. sets.Select(set => options.Depart(parsed, set.Configuration, set.Benchmark))];
            return new ComparedSearch(line.Text, configurations);
        }
        catch (UsageException problem)
        {
            throw Wrong(problem.Message);
        }

        UsageException Wrong(string problem) =>
            new($"{option} {path}: line {line.Number.ToString(CultureInfo.InvariantCulture)}: {problem}");
    }
}
