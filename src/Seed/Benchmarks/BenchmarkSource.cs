using System.Collections.Immutable;
using System.Text.Json;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.GpuNode.Spaces.HwGpt;
using LPZero.GpuNode.Spaces.Inputs;
using LPZero.GpuNode.Spaces.OpenLm;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>Finds and reads the benchmark that a user names.</summary>
public static class BenchmarkSource
{
    /// <summary>What a user can name, for help and messages.</summary>
    public const string Forms =
        "flexibert:FILE, gpt2:DIR, hw-gpt:FILE or open-lm:FILE for a public one, inputs:DIR for recorded inputs, or a file of our own";

    private const char Separator = ':';

    /// <summary>The forms of files: the word before the colon, and what reads the path behind it with the truth that is wanted.</summary>
    private static readonly ImmutableSortedDictionary<string, Func<string, string?, Benchmark>> Published =
        new Dictionary<string, Func<string, string?, Benchmark>>(StringComparer.Ordinal)
        {
            [FlexiBertSpace.SpaceName] = (path, truth) => FlexiBert(Json(path), truth),
            [Gpt2Genotype.SpaceName] = Gpt2Import.Read,
            [HwGptGenotype.SpaceName] = (path, truth) => HwGptImport.Read(Json(path), truth),
            [InputsSpace.SpaceName] = InputsFolder.Read,
            [OpenLmGenotype.SpaceName] = (path, truth) => OpenLmImport.Read(Json(path), truth),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Reads a benchmark.</summary>
    /// <param name="source">
    /// A form and its path, such as <c>flexibert:PATH</c>, or <c>PATH</c> for a file in our own format or FlexiBERT's, told apart
    /// by its content.
    /// </param>
    /// <param name="truth">Which of the source's truths is wanted; null for the usual one.</param>
    /// <exception cref="BenchmarkException">
    /// There is no such file, or it cannot be used, or it has no such truth; the message says why and where.
    /// </exception>
    public static Benchmark Load(string source, string? truth = null)
    {
        var (read, path) = Split(source);
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new BenchmarkException($"'{source}' names no benchmark: give {Forms}");
        }

        return read is null ? LoadFile(Json(path), truth) : read(path, truth);
    }

    private static Benchmark LoadFile(JsonField root, string? truth) => root.Element.ValueKind switch
    {
        JsonValueKind.Array => FlexiBert(root, truth),
        JsonValueKind.Object => TruthName.Choose(truth, BenchmarkFile.Read(root).Benchmark, root.File),
        _ => throw root.Expected("a benchmark: an object in our format or the array of the public FlexiBERT form"),
    };

    private static Benchmark FlexiBert(JsonField root, string? truth) => FlexiBertImport.Read(root, truth, Console.Error.WriteLine);

    private static JsonField Json(string path) => JsonFile.Read(path, "benchmark");

    private static (Func<string, string?, Benchmark>? Read, string Path) Split(string source)
    {
        var parts = source.Split(Separator, 2);
        if (parts.Length == 1 || File.Exists(source) || parts[0].Length < 2 || !parts[0].All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            return (null, source);
        }

        return Published.TryGetValue(parts[0], out var read)
            ? (read, parts[1])
            : throw new BenchmarkException(
                $"{source}: unknown kind of benchmark '{parts[0]}'; {NearestNames.Suggest(parts[0], Published.Keys)}");
    }
}
