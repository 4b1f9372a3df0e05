using System.Collections.Immutable;
using LPZero.GpuNode.Proxies;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;

namespace LPZero.Seed.CommandLine;

/// <summary>An expression, and what the table calls it: the id of a published formula, or the expression.</summary>
internal sealed record NamedExpression(string Name, Proxy Proxy);

/// <summary>The proxies that <c>--proxies</c> names, each once.</summary>
/// <param name="Designed">Ids of proxies that people designed.</param>
/// <param name="Expressions">Published formulas and expressions.</param>
/// <param name="Predictors">Predictors from files, each with a name of its own.</param>
/// <param name="Files">Files of scores.</param>
internal sealed record ProxyChoices(
    ImmutableArray<string> Designed, ImmutableArray<NamedExpression> Expressions, ImmutableArray<Predictor> Predictors,
    ImmutableArray<ScoreFile> Files)
{
    private const string Scores = "scores:";
    private const string All = "all";

    /// <summary>Whether a designed proxy among them looks at networks itself, which takes other memory than terms do.</summary>
    public bool NeedNetworks => Designed.Any(id => DesignedProxies.Find(id) is { NeedsNetwork: true });

    /// <summary>Whether a network has to be built for any of them; sizes and files of scores need none.</summary>
    public bool BuildNetworks => NeedNetworks || !Expressions.IsEmpty || Predictors.Any(predictor => predictor.Probe is not null);

    /// <summary>One proxy alone.</summary>
    /// <param name="text">An id, an expression, or a file of a predictor.</param>
    /// <exception cref="ProxySyntaxException">An expression does not parse.</exception>
    /// <exception cref="UsageException">There is no such id, or the file cannot be meant.</exception>
    public static ProxyChoices One(string text) =>
        PredictorFile.Find(text) is { } predictor ? new ProxyChoices([], [], [predictor], [])
        : ProxyNames.FindExpression(text) is { } expression
            ? new ProxyChoices([], [new NamedExpression(expression.ToString(), expression)], [], [])
            : new ProxyChoices([text], [], [], []);

    /// <summary>Reads what stands behind the option, each time that it is given.</summary>
    /// <param name="values">
    /// Ids of <see cref="ProxyNames"/>, expressions, files of predictors and <c>scores:FILE</c>, several of them separated by commas;
    /// <c>all</c> for every id. A value that begins with <c>scores:</c> is one file, whose path may hold commas.
    /// </param>
    /// <exception cref="UsageException">
    /// There is no such id, an expression does not parse, a file cannot be meant, or there is nothing between two commas.
    /// </exception>
    public static ProxyChoices Read(IEnumerable<string> values)
    {
        var designed = new List<string>();
        var expressions = new List<NamedExpression>();
        var predictors = new List<(string Path, Predictor Predictor)>();
        var files = new List<ScoreFile>();
        foreach (var value in values)
        {
            if (value.StartsWith(Scores, StringComparison.Ordinal))
            {
                files.Add(ScoreFile.Read(value[Scores.Length..]));
                continue;
            }

            foreach (var name in value.Split(',', StringSplitOptions.TrimEntries))
            {
                foreach (var known in name switch
                {
                    "" => throw new UsageException($"--proxies {value}: there is nothing between two commas; leave one out"),
                    All => ProxyNames.All,
                    _ => [name],
                })
                {
                    Add(known);
                }
            }
        }

        return files.SelectMany(file => file.Proxies).GroupBy(name => name, StringComparer.Ordinal)
            .FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new UsageException($"--proxies: two files have a column '{twice.Key}'; rename one")
                : new ProxyChoices(
                    [.. designed.Distinct()], [.. expressions.DistinctBy(expression => expression.Name)], [.. OwnNames(predictors)],
                    [.. files]);

        void Add(string name)
        {
            if (name.StartsWith(Scores, StringComparison.Ordinal))
            {
                files.Add(ScoreFile.Read(name[Scores.Length..]));
            }
            else if (PredictorFile.Find(name) is { } predictor)
            {
                predictors.Add((name, predictor));
            }
            else if (ExpressionOf(name) is { } proxy)
            {
                expressions.Add(new NamedExpression(ProxyNames.All.Contains(name) ? name : proxy.ToString(), proxy));
            }
            else
            {
                designed.Add(name);
            }
        }
    }

    private static Proxy? ExpressionOf(string name)
    {
        try
        {
            return ProxyNames.FindExpression(name);
        }
        catch (ProxySyntaxException problem)
        {
            throw new UsageException($"--proxies '{name}': {problem.Message}");
        }
    }

    /// <summary>Each predictor once; where different ones have one name, what was typed tells them apart.</summary>
    private static IEnumerable<Predictor> OwnNames(IEnumerable<(string Path, Predictor Predictor)> read)
    {
        var different = read.DistinctBy(each => PredictorJson.DigestOf(each.Predictor)).ToList();
        return different.Select(each => different.Count(other => other.Predictor.Name == each.Predictor.Name) > 1
            ? each.Predictor with { Name = each.Path }
            : each.Predictor);
    }
}
