using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>What every form of benchmark file has in common: checks whose messages name the field that is wrong.</summary>
internal static class BenchmarkReading
{
    public static double Truth(JsonField parent, string name)
    {
        var value = parent.NumberOrNot(name);
        return double.IsFinite(value)
            ? value
            : throw parent.Optional(name)!.Value.Error(
                $"is {value.ToString(CultureInfo.InvariantCulture)}; give a finite number or leave the architecture out");
    }

    /// <summary>Reads the architectures one by one and checks that they can be ranked.</summary>
    public static ImmutableArray<Architecture> Architectures(
        JsonField list, IReadOnlyList<JsonField> items, Func<JsonField, Architecture> read)
    {
        var architectures = ImmutableArray.CreateBuilder<Architecture>(items.Count);
        var seen = new Dictionary<string, JsonField>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var architecture = read(item);
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
