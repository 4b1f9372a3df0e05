using System.Collections.Immutable;
using LPZero.Messages.Proxies;

namespace LPZero.Seed.CommandLine;

/// <summary>The proxies that <c>--proxies</c> names.</summary>
/// <param name="Expressions">Expressions, each once.</param>
/// <param name="Files">Files of scores.</param>
internal sealed record ProxyChoices(ImmutableArray<Proxy> Expressions, ImmutableArray<ScoreFile> Files)
{
    private const string Scores = "scores:";

    /// <summary>Reads what stands behind the option, each time that it is given.</summary>
    /// <param name="values">Expressions, several of them separated by commas, or <c>scores:FILE</c>.</param>
    /// <exception cref="ProxySyntaxException">An expression does not parse.</exception>
    /// <exception cref="UsageException">A file cannot be meant, or there is nothing between two commas.</exception>
    public static ProxyChoices Read(IEnumerable<string> values)
    {
        var expressions = new List<Proxy>();
        var files = new List<ScoreFile>();
        foreach (var value in values)
        {
            if (value.StartsWith(Scores, StringComparison.Ordinal))
            {
                files.Add(ScoreFile.Read(value[Scores.Length..]));
            }
            else
            {
                foreach (var name in value.Split(',', StringSplitOptions.TrimEntries))
                {
                    expressions.Add(name.Length > 0
                        ? ProxyText.ParseProxy(name)
                        : throw new UsageException($"--proxies {value}: there is nothing between two commas; leave one out"));
                }
            }
        }

        return files.SelectMany(file => file.Proxies).GroupBy(name => name, StringComparer.Ordinal)
            .FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new UsageException($"--proxies: two files have a column '{twice.Key}'; rename one")
                : new ProxyChoices([.. expressions.DistinctBy(proxy => proxy.ToString())], [.. files]);
    }
}
