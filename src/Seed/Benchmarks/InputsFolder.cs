using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CsvHelper;
using LPZero.GpuNode.Spaces.Inputs;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// Reads a folder of recorded inputs as a benchmark: <c>truth.csv</c> with the columns id and truth, and for each id the file
/// <c>ID.safetensors</c>, or <c>ID.safetensors.index.json</c> and its shards.
/// </summary>
internal static class InputsFolder
{
    private const string TruthFile = "truth.csv";
    private const string UsualTruth = "truth";

    // Neither a vocabulary nor positions play a part; any mini-batch fits these.
    private static readonly EmbeddingSizes AnySizes = new(NetworkBounds.Vocabulary.Least, null, NetworkBounds.Positions.Most);

    /// <summary>Reads a folder; every file is read once for its digest.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="truth">The heading of the column with the truth that is wanted; null for the usual one.</param>
    /// <exception cref="BenchmarkException">It cannot be used; the message says what is wrong where.</exception>
    public static Benchmark Read(string folder, string? truth)
    {
        if (!Directory.Exists(folder))
        {
            throw new BenchmarkException($"inputs:{folder}: there is no such folder; give the one with {TruthFile} in it");
        }

        var full = Path.GetFullPath(folder);
        var truths = ReadTruths(Path.Combine(full, TruthFile), truth ?? UsualTruth);
        var contents = truths.Select(row => (row, File: FileOf(full, row))).ToList();
        var read = contents.Select(entry => (entry.row, entry.File, Content: ContentOf(entry.File))).ToList();

        // A ranking by parameters needs them of all.
        var areCounted = read.TrueForAll(entry => entry.Content.Parameters > 0);
        var benchmark = new Benchmark(
            NameOf(full), truth ?? UsualTruth, Shapes.Genotype, AnySizes,
            [
                .. read.Select(entry => new Architecture(
                    entry.row.Id,
                    new InputsGenotype(areCounted ? entry.Content : entry.Content with { Parameters = 0 }, entry.File), entry.row.Truth)),
            ]);
        return benchmark.FindProblem() is { } problem ? throw new BenchmarkException($"inputs:{folder}: {problem}") : benchmark;
    }

    private static string NameOf(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        return PrintableText.FindProblemOfName(name) is null ? name : InputsSpace.SpaceName;
    }

    private static RecordedContent ContentOf(string path)
    {
        try
        {
            using var file = InputsFile.Open(path);
            return RecordedContent.Of(file);
        }
        catch (InputsException problem)
        {
            throw new BenchmarkException(PrintableText.Escape(problem.Message), problem);
        }
    }

    private static string FileOf(string folder, TruthRow row)
    {
        var file = Path.Combine(folder, row.Id + InputsFile.Suffix);
        var index = Path.Combine(folder, row.Id + InputsFile.IndexSuffix);
        return (File.Exists(file), File.Exists(index)) switch
        {
            (true, false) => file,
            (false, true) => index,
            (true, true) => throw row.Error($"both {Path.GetFileName(file)} and {Path.GetFileName(index)} are there; remove one"),
            _ => throw row.Error($"there is no {Path.GetFileName(file)} beside it; collect its inputs, or leave the line out"),
        };
    }

    private static ImmutableArray<TruthRow> ReadTruths(string path, string truth)
    {
        var content = InputFile.Read(path, "truth");
        Utf8File.Check(content, path);
        try
        {
            using var csv = CsvReader.FromText(
                Encoding.UTF8.GetString(content).TrimStart('\uFEFF'),
                new CsvReaderOptions { Separator = ',', TrimWhitespace = true, TrackLineNumbers = true, DetectSeparatorHint = false });
            var headings = csv.Headers.ToList();
            var column = headings.IndexOf(truth);
            if (column < 1 || headings[0] != "id")
            {
                throw new BenchmarkException(PrintableText.Escape(
                    $"{path}: line 1: the headings are not id,{PrintableText.Shorten(truth)}; begin the file with that line"));
            }

            var rows = ImmutableArray.CreateBuilder<TruthRow>();
            while (csv.Read())
            {
                rows.Add(ReadRow(csv, path, headings.Count, column));
            }

            return rows.ToImmutable();
        }
        catch (CsvFormatException problem)
        {
            throw new BenchmarkException(PrintableText.Escape(string.Create(CultureInfo.InvariantCulture,
                $"{path}: line {Math.Max(1, problem.LineNumber)}: this is no CSV ({problem.Message.ReplaceLineEndings(" ")})")), problem);
        }
    }

    private static TruthRow ReadRow(CsvReader csv, string path, int columns, int column)
    {
        var row = new TruthRow(path, csv.LineNumber, csv.GetString(0), 0);
        if (csv.FieldCount != columns)
        {
            throw row.Error(string.Create(
                CultureInfo.InvariantCulture, $"{csv.FieldCount} values under {columns} headings; give one for each"));
        }

        if (PrintableText.FindProblemOfName(row.Id) is { } problem)
        {
            throw row.Error($"the id {problem}");
        }

        // An id is a file's name in this folder and nowhere else.
        if (row.Id.StartsWith('.') || row.Id.Contains('/', StringComparison.Ordinal))
        {
            throw row.Error($"the id '{row.Id}' is no file name; leave out what comes before the name");
        }

        var text = csv.GetString(column);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var truth) && double.IsFinite(truth)
            ? row with { Truth = truth }
            : throw row.Error($"the truth '{PrintableText.Shorten(text)}' is no finite number; give one or leave the line out");
    }

    private sealed record TruthRow(string Path, long Line, string Id, double Truth)
    {
        public BenchmarkException Error(string problem) =>
            new(PrintableText.Escape(string.Create(CultureInfo.InvariantCulture, $"{Path}: line {Line}: {problem}")));
    }
}
