using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>Finds and reads the benchmark that a user names.</summary>
public static class BenchmarkSource
{
    private const string Separator = ":";
    private const string FlexiBert = "flexibert";

    /// <summary>Reads a benchmark.</summary>
    /// <param name="source">
    /// <c>flexibert:PATH</c> for the form in which NAS-Bench-BERT is published, or <c>PATH</c> for a file in our own
    /// format or in that form, told apart by its content.
    /// </param>
    /// <exception cref="BenchmarkException">There is no such file, or it cannot be used; the message says why and where.</exception>
    public static Benchmark Load(string source)
    {
        var (kind, path) = Split(source);
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new BenchmarkException($"'{source}' names no benchmark: give flexibert:PATH for the public form, or a file of our own");
        }

        var root = JsonFile.Read(path, "benchmark");
        if (kind == FlexiBert)
        {
            return FlexiBertImport.Read(root);
        }

        return root.Element.ValueKind switch
        {
            JsonValueKind.Array => FlexiBertImport.Read(root),
            JsonValueKind.Object => BenchmarkFile.Read(root).Benchmark,
            _ => throw root.Expected("a benchmark: an object in our format or the array of the public FlexiBERT form"),
        };
    }

    private static (string? Kind, string Path) Split(string source)
    {
        var parts = source.Split(Separator, 2);
        if (parts.Length == 1 || File.Exists(source) || parts[0].Length < 2 || !parts[0].All(char.IsAsciiLetterOrDigit))
        {
            return (null, source);
        }

        return parts[0] == FlexiBert
            ? (FlexiBert, parts[1])
            : throw new BenchmarkException(
                $"{source}: unknown kind of benchmark '{parts[0]}'; {NearestNames.Suggest(parts[0], [FlexiBert])}");
    }
}
