using System.CommandLine;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>What a reader of a report types to do the same again.</summary>
internal static class RepeatCommand
{
    private const int ShownDigits = 12;

    /// <summary>Starts a run of the same configuration, on the benchmark that the database keeps, under another name.</summary>
    /// <param name="run">The run.</param>
    /// <param name="hint">A search verb with its arguments, as it is to be typed.</param>
    public static string Of(RunDefinition run, Func<string, string> hint) => hint(string.Join(' ',
    [
        "start", "--benchmark", $"{SearchVerbs.StoredBenchmark}{run.BenchmarkDigest[..ShownDigits]}", "--name", $"{run.Name}-again",
        .. SearchVerbs.Configuration.ArgumentsFor(run.Configuration),
    ]));

    /// <summary>The command that is being carried out, as it was typed; a password is left out.</summary>
    public static string Of(ParseResult parsed) => string.Join(' ', parsed.Tokens
        .Select((token, i) => i > 0 && parsed.Tokens[i - 1].Value == "--db" ? CommandHint.WithoutPassword(token.Value) : token.Value)
        .Select(Quoted).Prepend("lpzero"));

    /// <summary>Options as they are typed behind a command that has them: the preset, and what departs from it.</summary>
    /// <param name="configuration">What they say.</param>
    /// <param name="has">Which options of a configuration the command has.</param>
    public static string OptionsOf(SearchConfiguration configuration, Func<SearchOptions, IEnumerable<Option>> has)
    {
        var options = new SearchOptions();
        var names = has(options).Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        return string.Join(' ', options.ArgumentsFor(configuration).Chunk(2).Where(option => names.Contains(option[0]))
            .SelectMany(option => option).Select(Quoted));
    }

    private static string Quoted(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:,=".Contains(c, StringComparison.Ordinal)) && word.Length > 0
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
