using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Models;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>What every form of benchmark file has in common: checks whose messages name the field that is wrong.</summary>
internal static class BenchmarkReading
{
    /// <summary>The fewest architectures whose ranks can be told from chance.</summary>
    public const int FewestArchitectures = 8;

    public static MixingOperation Operation(string name, JsonField field) =>
        MixingOperations.TryParse(name, out var operation)
            ? operation
            : throw field.Error($"unknown operation '{name}'; {NearestNames.Suggest(name, MixingOperations.All)}");

    public static int Heads(JsonField layer, string name, int hiddenSize, MixingOperation operation)
    {
        var heads = layer.Integer(name);
        if (hiddenSize % heads != 0)
        {
            throw layer.Optional(name)!.Value.Error(string.Create(CultureInfo.InvariantCulture, $"hidden size {hiddenSize} is not divisible by {heads} heads; choose a divisor"));
        }

        return FlexiBertParameters.KernelWidth(operation) == 0 || heads % FlexiBertParameters.ConvolutionHeadRatio == 0
            ? heads
            : throw layer.Optional(name)!.Value.Error(string.Create(CultureInfo.InvariantCulture, $"{MixingOperations.Name(operation)} keeps one of {FlexiBertParameters.ConvolutionHeadRatio} heads, so {heads} does not do; choose a multiple"));
    }

    public static double Truth(JsonField parent, string name)
    {
        var value = parent.Number(name);
        return double.IsFinite(value)
            ? value
            : throw parent.Optional(name)!.Value.Error($"is {value.ToString(CultureInfo.InvariantCulture)}; give a finite number or leave the architecture out");
    }

    /// <summary>Reads the architectures one by one and checks that they can be ranked.</summary>
    public static ImmutableArray<Architecture> Architectures(JsonField list, IReadOnlyList<JsonField> items, Func<JsonField, Architecture> read)
    {
        var architectures = ImmutableArray.CreateBuilder<Architecture>(items.Count);
        var seen = new Dictionary<string, JsonField>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var architecture = read(item);
            if (!seen.TryAdd(architecture.Id, item))
            {
                throw new BenchmarkException($"{item.File}: {item.Path}.id: '{architecture.Id}' is also the id of {seen[architecture.Id].Path}; give each architecture its own");
            }

            architectures.Add(architecture);
        }

        if (architectures.Count < FewestArchitectures)
        {
            throw list.Error(string.Create(CultureInfo.InvariantCulture, $"has {architectures.Count} architectures; a ranking needs at least {FewestArchitectures}, so add more"));
        }

        if (architectures.All(a => a.Truth == architectures[0].Truth))
        {
            throw list.Error(string.Create(CultureInfo.InvariantCulture, $"every truth is {architectures[0].Truth}; a constant cannot be ranked, so check the scores"));
        }

        return architectures.ToImmutable();
    }
}
