using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>What every form of benchmark file has in common: checks whose messages name the field that is wrong.</summary>
internal static class BenchmarkReading
{
    /// <summary>The whole numbers of an array that has one for each layer.</summary>
    public static ImmutableArray<int> Integers(JsonField parent, string name, Bounds bounds, int layers)
    {
        var items = parent.Array(name);
        return items.Length == layers
            ? [.. items.Select(item => item.AsInteger(bounds))]
            : throw parent.Optional(name)!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"has {items.Length} numbers for {layers} layers; give one for each"));
    }

    public static double Truth(JsonField parent, string name)
    {
        _ = parent.NumberOrNot(name);
        return Truth(parent.Optional(name)!.Value);
    }

    public static double Truth(JsonField field)
    {
        var value = field.AsNumberOrNot();
        return double.IsFinite(value)
            ? value
            : throw field.Error(
                $"is {value.ToString(CultureInfo.InvariantCulture)}; give a finite number or leave the architecture out");
    }

    /// <summary>A truth that is a perplexity: 1 where every token was certain, and more otherwise.</summary>
    public static double Perplexity(JsonField parent, string name)
    {
        var value = Truth(parent, name);
        return value >= 1
            ? value
            : throw parent.Optional(name)!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"is {value}, and no perplexity is below 1; correct it or leave the architecture out"));
    }

    /// <summary>Reads the architectures one by one and checks that they can be ranked.</summary>
    public static ImmutableArray<Architecture> Architectures(
        JsonField list, IReadOnlyList<JsonField> items, Func<JsonField, Architecture> read) =>
        Architectures(list, items, (_, item) => read(item));

    /// <summary>The same where reading an item takes its place among them.</summary>
    public static ImmutableArray<Architecture> Architectures(
        JsonField list, IReadOnlyList<JsonField> items, Func<int, JsonField, Architecture> read)
    {
        var architectures = ImmutableArray.CreateBuilder<Architecture>(items.Count);
        var seen = new Dictionary<string, JsonField>(StringComparer.Ordinal);
        foreach (var (index, item) in items.Index())
        {
            var architecture = read(index, item);
            if (!seen.TryAdd(architecture.Id, item))
            {
                throw (item.Optional("id") ?? item).Error(
                    $"'{architecture.Id}' is also the id of {seen[architecture.Id].Path}; give each architecture its own");
            }

            architectures.Add(architecture);
        }

        if (architectures.Count < Benchmark.FewestArchitectures)
        {
            throw list.Error(string.Create(CultureInfo.InvariantCulture,
                $"has {architectures.Count} architectures; a ranking needs at least {Benchmark.FewestArchitectures}, so add more"));
        }

        if (architectures.All(a => a.Truth == architectures[0].Truth))
        {
            throw list.Error(string.Create(CultureInfo.InvariantCulture,
                $"every truth is {architectures[0].Truth}; a constant cannot be ranked, so check the scores"));
        }

        return architectures.ToImmutable();
    }
}
