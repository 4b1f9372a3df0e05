using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>What the forms of file that hold FlexiBERT's genotypes have in common.</summary>
internal static class FlexiBertReading
{
    public static MixingOperation Operation(string name, JsonField field) =>
        MixingOperations.TryParse(name, out var operation)
            ? operation
            : throw field.Error($"unknown operation '{name}'; {NearestNames.Suggest(name, MixingOperations.All)}");

    /// <summary>The layer, if it can be built at this hidden size.</summary>
    /// <param name="layer">Its object.</param>
    /// <param name="operation">What mixes its tokens.</param>
    /// <param name="hiddenSize">The network's hidden size.</param>
    /// <param name="heads">The name of the member with its heads.</param>
    /// <param name="feedForwardDimension">The name of the member with its feed-forward dimension.</param>
    /// <param name="feedForwards">The name of the member with its number of feed-forwards.</param>
    public static FlexiBertLayer Layer(
        JsonField layer, MixingOperation operation, int hiddenSize, string heads, string feedForwardDimension, string feedForwards)
    {
        var read = new FlexiBertLayer(
            operation,
            layer.Integer(heads, NetworkBounds.Heads),
            layer.Integer(feedForwardDimension, NetworkBounds.FeedForwardDimension),
            layer.Integer(feedForwards, NetworkBounds.FeedForwards));
        return read.FindProblemOfHeads(hiddenSize) is { } problem ? throw layer.Optional(heads)!.Value.Error(problem) : read;
    }

    /// <summary>The items of the array of a network's layers.</summary>
    public static JsonField[] Layers(JsonField parent, string name)
    {
        var items = parent.Array(name);
        return NetworkBounds.Layers.FindProblem("layers", items.Length) is { } problem
            ? throw parent.Optional(name)!.Value.Error(problem)
            : items;
    }
}
