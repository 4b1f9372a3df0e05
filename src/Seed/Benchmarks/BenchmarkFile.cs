using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LPZero.GpuNode.Spaces;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// A benchmark in our own format, which docs/benchmarks.md describes: JSON with one architecture a line, and how it
/// was trained where we trained it.
/// </summary>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Training">How it was trained, if it was by us.</param>
public sealed record BenchmarkFile(Benchmark Benchmark, TrainingRecord? Training = null)
{
    /// <summary>What the member <c>format</c> says.</summary>
    public const string Format = "lpzero-benchmark";

    /// <summary>The version written where genotypes are texts; FlexiBERT's are objects, as in version 1, and both are read.</summary>
    public const int Version = 2;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a file in our own format.</summary>
    /// <exception cref="BenchmarkException">It cannot be used; the message says why and where.</exception>
    public static BenchmarkFile Read(string path) => Read(JsonFile.Read(path, "benchmark"));

    /// <summary>Reads the text of such a file.</summary>
    /// <param name="text">What <see cref="ToJson()"/> wrote.</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    /// <exception cref="BenchmarkException">It cannot be used; the message says why and where.</exception>
    public static BenchmarkFile Parse(string text, string origin) => Read(JsonFile.Parse(Encoding.UTF8.GetBytes(text), origin));

    internal static BenchmarkFile Read(JsonField root)
    {
        CheckFormat(root, Format, 1, Version);
        var shapes = root.Text("shapes");
        if (!ShapesNames.All.Contains(shapes))
        {
            throw root.Optional("shapes")!.Value.Error($"unknown shapes '{shapes}'; {NearestNames.Suggest(shapes, ShapesNames.All)}");
        }

        var outcomes = ImmutableDictionary.CreateBuilder<string, TrainedArchitecture>();
        var items = root.Array("architectures");
        var architectures = BenchmarkReading.Architectures(root.Optional("architectures")!.Value, items, item =>
        {
            var architecture = new Architecture(
                item.NameOrNumber("id"), BenchmarkGenotype.Read(item, "genotype"), BenchmarkReading.Truth(item, "truth"))
            {
                Tasks = BenchmarkTasks.ReadScores(item),
            };
            if (item.Optional("training") is { } trained)
            {
                outcomes[architecture.Id] = TrainedArchitecture.Read(trained);
            }

            return architecture;
        });
        var space = architectures[0].Genotype.Space;
        if (root.Optional("space") is { } named && root.Text("space") != space)
        {
            throw named.Error($"the first genotype is of the space '{space}'; give its name or leave it out");
        }

        var benchmark = new Benchmark(
            root.Name("name"), root.Name("metric"), ShapesNames.Parse(shapes),
            ReadSizes(root.Object("sizes"), space), architectures)
        {
            Tasks = root.Optional(BenchmarkTasks.Member) is { } tasks ? BenchmarkTasks.Read(tasks) : null,
        };
        if (benchmark.FindProblem() is { } problem)
        {
            throw root.Error(problem);
        }

        return new BenchmarkFile(
            benchmark, root.Optional("training") is { } training ? TrainingRecord.Read(training, outcomes.ToImmutable()) : null);
    }

    /// <summary>Writes the file; a reader finds either the old file or all of this one.</summary>
    public void Write(string path) => AtomicFile.Write(path, ToJson());

    /// <summary>The file's text.</summary>
    public string ToJson()
    {
        var members = new List<string>
        {
            Member("format", Format),
            Member("version", BenchmarkGenotype.IsText(Benchmark.Architectures[0].Genotype) ? Version : 1),
            Member("space", Benchmark.Architectures[0].Genotype.Space),
            Member("name", Benchmark.Name),
            Member("metric", Benchmark.Metric),
            Member("shapes", ShapesNames.Name(Benchmark.Shapes)),
            Member("sizes",
                Benchmark.Sizes.Embedding is not null
                    ? new
                    {
                        vocabulary = Benchmark.Sizes.Vocabulary,
                        embedding = Benchmark.Sizes.Embedding,
                        positions = Benchmark.Sizes.Positions,
                    }
                    : (object)new { vocabulary = Benchmark.Sizes.Vocabulary, positions = Benchmark.Sizes.Positions }),
        };
        if (Benchmark.Tasks is { } tasks)
        {
            members.Add(Member(BenchmarkTasks.Member, BenchmarkTasks.ToJson(tasks)));
        }

        if (Training is not null)
        {
            members.Add(Member("training", Training.ToJson()));
        }

        var architectures = Benchmark.Architectures.Select(a => "    " + JsonSerializer.Serialize(ToJson(a), Compact));
        members.Add($"  \"architectures\": [\n{string.Join(",\n", architectures)}\n  ]");
        return new StringBuilder("{\n").AppendJoin(",\n", members).Append("\n}\n").ToString();
    }

    internal static void CheckFormat(JsonField root, string format, params ReadOnlySpan<int> versions)
    {
        var found = root.Text("format");
        if (found != format)
        {
            throw root.Optional("format")!.Value.Error($"expected \"{format}\" but found \"{found}\"");
        }

        var foundVersion = root.Integer("version", new Bounds(1, int.MaxValue));
        if (!versions.Contains(foundVersion))
        {
            throw root.Optional("version")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"this program reads version {string.Join(" and ", versions.ToArray())}, " +
                $"not {foundVersion}; use a program of that version"));
        }
    }

    /// <summary>The sizes; without the width of the embedding only where the space's networks have one each.</summary>
    internal static EmbeddingSizes ReadSizes(JsonField sizes, string space) =>
        new(
            sizes.Integer("vocabulary", NetworkBounds.Vocabulary),
            SearchSpaces.Known[space].HasEmbeddingInSizes || sizes.Optional("embedding") is not null
                ? sizes.Integer("embedding", NetworkBounds.Embedding)
                : null,
            sizes.Integer("positions", NetworkBounds.Positions));

    private static string Member<T>(string name, T value) => $"  \"{name}\": {JsonSerializer.Serialize(value, Compact)}";

    private Dictionary<string, object> ToJson(Architecture architecture)
    {
        var members = new Dictionary<string, object>
        {
            ["id"] = architecture.Id,
            ["genotype"] = BenchmarkGenotype.ToJson(architecture.Genotype),
            ["truth"] = architecture.Truth,
        };
        if (Benchmark.Tasks is not null)
        {
            members[BenchmarkTasks.Member] = architecture.Tasks;
        }

        if (Training is not null && Training.Architectures.TryGetValue(architecture.Id, out var trained))
        {
            members["training"] = trained.ToJson();
        }

        return members;
    }
}
