using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CsvHelper;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.CommandLine;

/// <summary>A CSV file of scores: a column of ids, and a column for each proxy, whose heading is its name.</summary>
internal sealed class ScoreFile
{
    // A quote that is never closed makes one value of the rest of the file.
    private const int LongestShown = 60;

    private readonly string path;
    private readonly ImmutableArray<Line> lines;

    private ScoreFile(string path, ImmutableArray<string> proxies, ImmutableArray<Line> lines)
    {
        this.path = path;
        this.lines = lines;
        Proxies = proxies;
    }

    /// <summary>The names of the proxies, from left to right; at least one.</summary>
    public ImmutableArray<string> Proxies { get; }

    /// <summary>Scores from elsewhere.</summary>
    /// <param name="path">Where they are from, for messages.</param>
    /// <param name="proxies">The names of the proxies, each another.</param>
    /// <param name="scores">For each architecture, by its id, a score of each proxy; at least one.</param>
    public static ScoreFile Of(
        string path, ImmutableArray<string> proxies, ImmutableArray<(string Id, ImmutableArray<double> Scores)> scores) =>
        new(path, proxies, [.. scores.Select(line => new Line(Number: null, line.Id, line.Scores))]);

    /// <summary>The same scores under other names.</summary>
    /// <param name="rename">The new name of each.</param>
    /// <exception cref="UsageException">Two proxies have one name then.</exception>
    public ScoreFile WithNames(Func<string, string> rename)
    {
        ImmutableArray<string> names = [.. Proxies.Select(rename)];
        CheckNames(path, names);
        return new ScoreFile(path, names, lines);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="UsageException">It cannot be read, has no proxy, or a line cannot be meant; the message names the line.</exception>
    public static ScoreFile Read(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new UsageException("scores: names no file; give scores:FILE.csv");
        }

        try
        {
            var content = InputFile.Read(path, "CSV");
            Utf8File.Check(content, path);
            using var csv = CsvReader.FromText(
                Encoding.UTF8.GetString(content).TrimStart('\uFEFF'),
                new CsvReaderOptions { Separator = ',', TrimWhitespace = true, TrackLineNumbers = true, DetectSeparatorHint = false });
            ImmutableArray<string> headings = [.. csv.Headers];
            ImmutableArray<string> proxies = [.. headings.Skip(1)];
            if (proxies.IsEmpty || proxies.Any(string.IsNullOrWhiteSpace))
            {
                throw Problem(path, 1, "give a line of headings: the ids' first, then a name for the column of each proxy");
            }

            if (proxies.FirstOrDefault(name => PrintableText.FindProblem(name) is not null) is { } unprintable)
            {
                throw Problem(path, 1, $"the heading '{Shown(unprintable)}' {PrintableText.FindProblem(unprintable)}");
            }

            CheckNames(path, proxies);
            return new ScoreFile(path, proxies, ReadLines(csv, path, headings));
        }
        catch (BenchmarkException problem)
        {
            throw new UsageException($"scores:{problem.Message}");
        }
        catch (CsvFormatException problem)
        {
            throw Problem(path, Math.Max(1, problem.LineNumber), $"this is no CSV ({PrintableText.Escape(problem.Message)})");
        }
    }

    /// <summary>Why the file does not fit a benchmark, in one line, or null where it does.</summary>
    /// <param name="benchmark">The benchmark; the file may hold scores of all its architectures.</param>
    /// <param name="wanted">Those of them whose scores are needed.</param>
    public string? FindMisfit(Benchmark benchmark, ImmutableArray<Architecture> wanted)
    {
        var ids = benchmark.Architectures.Select(architecture => architecture.Id).ToHashSet(StringComparer.Ordinal);
        if (lines.FirstOrDefault(line => !ids.Contains(line.Id)) is { } unknown)
        {
            return Text(path, unknown.Number,
                $"{benchmark.Name} has no architecture '{Shown(unknown.Id)}'; {NearestNames.Suggest(Shown(unknown.Id), ids)}");
        }

        var known = lines.Select(line => line.Id).ToHashSet(StringComparer.Ordinal);
        var missing = wanted.Where(architecture => !known.Contains(architecture.Id)).ToList();
        if (missing.Count == 0)
        {
            return null;
        }

        var last = lines[^1].Number;
        return Text(path, last, string.Create(CultureInfo.InvariantCulture,
            $"{(last is null ? "it is" : "the file ends")} without scores of {missing.Count} of {wanted.Length} architectures of " +
            $"{benchmark.Name}, the first of them '{missing[0].Id}'"));
    }

    /// <summary>For each proxy a score for each architecture that is wanted, in the order of both.</summary>
    /// <param name="wanted">Architectures of a benchmark that the file fits.</param>
    public ImmutableArray<ImmutableArray<double>> Of(ImmutableArray<Architecture> wanted)
    {
        var byId = lines.ToDictionary(line => line.Id, line => line.Scores, StringComparer.Ordinal);
        return
        [
            .. Proxies.Select((_, proxy) => wanted.Select(architecture => byId[architecture.Id][proxy]).ToImmutableArray()),
        ];
    }

    private static void CheckNames(string path, ImmutableArray<string> proxies)
    {
        if (proxies.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw Problem(path, 1, $"two columns are named '{Shown(twice.Key)}'; rename one");
        }
    }

    private static ImmutableArray<Line> ReadLines(CsvReader csv, string path, ImmutableArray<string> headings)
    {
        var read = ImmutableArray.CreateBuilder<Line>();
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        while (csv.Read())
        {
            var number = csv.LineNumber;
            if (csv.FieldCount != headings.Length)
            {
                throw Problem(path, number, string.Create(CultureInfo.InvariantCulture,
                    $"{csv.FieldCount} values under {headings.Length} headings; give one for each"));
            }

            var id = csv.GetString(0);
            if (!seen.TryAdd(id, number))
            {
                throw Problem(path, number, string.Create(CultureInfo.InvariantCulture,
                    $"the architecture '{Shown(id)}' was in line {seen[id]} already; leave one out"));
            }

            var scores = new double[headings.Length - 1];
            for (var i = 0; i < scores.Length; i++)
            {
                var text = csv.GetString(i + 1);
                if (!TryNumber(text, out scores[i]))
                {
                    throw Problem(
                        path, number,
                        $"{Shown(headings[i + 1])} '{Shown(text)}' is no number; give one with a point before its fraction, or nan");
                }
            }

            read.Add(new Line(number, id, [.. scores]));
        }

        return read.Count > 0
            ? read.ToImmutable()
            : throw Problem(path, 2, "the file holds no scores; give a line for each architecture");
    }

    /// <summary>A number as C# or Python writes it; what is not finite is a score without meaning, and the row says so.</summary>
    private static bool TryNumber(string text, out double number)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }

        var infinite = text.TrimStart('+', '-').Equals("inf", StringComparison.OrdinalIgnoreCase);
        number = text.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
        return infinite;
    }

    private static UsageException Problem(string path, long line, string what) => new(Text(path, line, what));

    private static string Text(string path, long? line, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"scores:{path}: {(line is null ? "" : $"line {line}: ")}{what}");

    /// <summary>What a file holds, as a message repeats it.</summary>
    internal static string Shown(string text) => PrintableText.Escape(PrintableText.Shorten(text, LongestShown));

    /// <param name="Number">The line of the file that it stands in; null where it is of several files.</param>
    /// <param name="Id">The architecture.</param>
    /// <param name="Scores">A score of each proxy.</param>
    private sealed record Line(long? Number, string Id, ImmutableArray<double> Scores);
}
