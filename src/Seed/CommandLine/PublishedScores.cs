using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.CommandLine;

/// <summary>Scores that others published of the architectures of a benchmark, under our names of the proxies.</summary>
internal static partial class PublishedScores
{
    private const string Prefix = "scores:";
    private const string Scores = "_scores_seed_*.yaml";

    // Our ids of what is called otherwise: the headings of Serianni and Kalita's table (repository aaronserianni/training-free-nas), whose
    // "normalized" Jacobian score is its code's Jacobian cosine, and the names of LPZero's files (repository pprp/LPZero).
    private static readonly ImmutableDictionary<string, string> Ids = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Jacobian Score"] = "jacobian-covariance",
        ["Jacobian Score Normalized"] = "jacobian-cosine",
        ["Number of Parameters"] = "parameters",
        ["Head Confidence"] = "attention-confidence",
        ["Head Confidence Normalized"] = "attention-confidence-normalized",
        ["Head Softmax Confidence"] = "softmax-confidence",
        ["Head Softmax Confidence Normalized"] = "softmax-confidence-normalized",
        ["grad_norm"] = "gradient-norm",
        ["num_parameters"] = "parameters",
        ["lpzero"] = "lpzero-gpt2",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Reads what <c>--against</c> names.</summary>
    /// <param name="source">
    /// <c>scores:FILE.csv</c>, as <c>--proxies</c> takes it or as Serianni and Kalita publish theirs, or <c>scores:FOLDER</c> with LPZero's
    /// files, one a proxy.
    /// </param>
    /// <exception cref="UsageException">It cannot be read; the message says why.</exception>
    public static ScoreFile Read(string source)
    {
        if (!source.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw new UsageException($"--against {source}: give scores:FILE.csv or scores:FOLDER");
        }

        var path = source[Prefix.Length..];
        return Directory.Exists(path) ? ReadFolder(path) : ScoreFile.Read(path).WithNames(IdOf);
    }

    private static ScoreFile ReadFolder(string folder)
    {
        try
        {
            var columns = Directory.GetFiles(folder, $"*{Scores}").Order(StringComparer.Ordinal)
                .Select(path => (Path: path, Name: FileName().Match(Path.GetFileName(path)).Groups["name"].Value))
                .Where(file => file.Name.Length > 0)
                .Select(file => new Column(file.Path, IdOf(file.Name), ReadScores(file.Path)))
                .ToList();
            if (columns.Count == 0)
            {
                throw new BenchmarkException($"{folder}: it holds no file *{Scores}; give the folder that does");
            }

            foreach (var column in columns)
            {
                CheckFits(column, columns);
            }

            return ScoreFile.Of(
                folder, [.. columns.Select(column => column.Proxy)],
                [.. columns[0].Scores.Keys.Select(id => (id, columns.Select(column => column.Scores[id]).ToImmutableArray()))]);
        }
        catch (BenchmarkException problem)
        {
            throw new UsageException($"--against scores:{problem.Message}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--against scores:{folder}: cannot be read ({problem.Message}); check its permissions");
        }
    }

    private static OrderedDictionary<string, double> ReadScores(string path)
    {
        var scores = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (id, score) in YamlFile.Read(path, "scores").ObjectMembers())
        {
            scores.Add(id, Number(score));
        }

        return scores.Count > 0
            ? scores
            : throw new BenchmarkException(
                $"{path}: holds no scores; give a line 'ID: SCORE' for each architecture, or leave the file out");
    }

    /// <summary>Checks that a file is the only one of its proxy, and has the ids of the first.</summary>
    private static void CheckFits(Column column, List<Column> all)
    {
        var first = all.First(other => other.Proxy == column.Proxy);
        if (first != column)
        {
            throw new BenchmarkException($"{column.Path}: {first.Path} has scores of {column.Proxy}, too; leave one out");
        }

        foreach (var (one, other) in new[] { (all[0], column), (column, all[0]) })
        {
            if (one.Scores.Keys.FirstOrDefault(id => !other.Scores.ContainsKey(id)) is { } missing)
            {
                throw new BenchmarkException(
                    $"{other.Path}: has no score of '{ScoreFile.Shown(missing)}', as {one.Path} has; give all files the same ids");
            }
        }
    }

    private static double Number(JsonField field) =>
        double.TryParse(field.Element.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw field.Error("is no number; give one");

    private static string IdOf(string name) =>
        Ids.GetValueOrDefault(name) ?? name.ToLowerInvariant().Replace(' ', '-').Replace('_', '-');

    /// <summary>A file of the folder.</summary>
    private sealed record Column(string Path, string Proxy, OrderedDictionary<string, double> Scores);

    [GeneratedRegex(@"^(?<name>[a-z_]+)_scores_seed_\d+\.yaml\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();
}
