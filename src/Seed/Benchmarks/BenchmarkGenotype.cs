using System.Text.Json;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>A genotype in our own format: its text, or for FlexiBERT an object.</summary>
internal static class BenchmarkGenotype
{
    public static Genotype Read(JsonField parent, string name)
    {
        if (parent.Optional(name) is not { Element.ValueKind: JsonValueKind.String } field)
        {
            return ReadFlexiBert(parent.Object(name));
        }

        try
        {
            var genotype = SearchSpaces.Known.Parse(parent.Text(name));
            return genotype.FindProblem() is { } problem ? throw field.Error(problem) : genotype;
        }
        catch (FormatException error)
        {
            throw field.Error(error.Message);
        }
    }

    /// <summary>Whether <see cref="ToJson"/> gives its text, and no object.</summary>
    public static bool IsText(Genotype genotype) => genotype is not FlexiBertGenotype;

    public static object ToJson(Genotype genotype) => genotype is not FlexiBertGenotype encoder ? genotype.ToString() : new
    {
        hidden = encoder.HiddenSize,
        layers = encoder.Layers.Select(layer => new
        {
            operation = MixingOperations.Name(layer.Operation),
            heads = layer.Heads,
            feedForwardDimension = layer.FeedForwardDimension,
            feedForwards = layer.FeedForwards,
        }),
    };

    private static FlexiBertGenotype ReadFlexiBert(JsonField genotype)
    {
        var hiddenSize = genotype.Integer("hidden", NetworkBounds.HiddenSize);
        return new FlexiBertGenotype(hiddenSize, [.. FlexiBertReading.Layers(genotype, "layers").Select(layer =>
        {
            var operation = FlexiBertReading.Operation(layer.Text("operation"), layer.Optional("operation")!.Value);
            return FlexiBertReading.Layer(layer, operation, hiddenSize, "heads", "feedForwardDimension", "feedForwards");
        })]);
    }
}
