using System.Collections.Immutable;
using LPZero.Messages.Proxies;

namespace LPZero.Messages.Terms;

/// <summary>Chains wanted of one input.</summary>
public sealed record ChainSet(InputKind Input, ImmutableArray<Chain> Chains);

/// <summary>
/// Terms of one network and one input: for each chain and each tensor of each layer the mean of the chain's result
/// and that result's element count, from which every reduction is derived.
/// </summary>
public sealed class TermBlock
{
    /// <summary>A block of terms.</summary>
    /// <param name="input">The input.</param>
    /// <param name="tensorsPerLayer">How many tensors the input has on each layer.</param>
    /// <param name="chains">The chains, in the order of the rows.</param>
    /// <param name="means">[chain, tensor], row-major, tensors in the order of the layers: the mean of the chain's result.</param>
    /// <param name="counts">[chain, tensor]: the number of elements of the chain's result, 1 for a scalar.</param>
    public TermBlock(InputKind input, ImmutableArray<int> tensorsPerLayer, ImmutableArray<Chain> chains, double[] means, long[] counts)
    {
        var size = chains.Length * tensorsPerLayer.Sum();
        if (means.Length != size || counts.Length != size)
        {
            throw new ArgumentException(
                $"{chains.Length} chains on {tensorsPerLayer.Sum()} tensors need {size} numbers, " +
                $"not {means.Length} means and {counts.Length} counts.", nameof(means));
        }

        Input = input;
        TensorsPerLayer = tensorsPerLayer;
        Chains = chains;
        Means = means;
        Counts = counts;
    }

    /// <summary>The input.</summary>
    public InputKind Input { get; }

    /// <summary>How many tensors the input has on each layer.</summary>
    public ImmutableArray<int> TensorsPerLayer { get; }

    /// <summary>The chains, in the order of the rows.</summary>
    public ImmutableArray<Chain> Chains { get; }

    /// <summary>[chain, tensor]: the mean of the chain's result.</summary>
    public ReadOnlyMemory<double> Means { get; }

    /// <summary>[chain, tensor]: the number of elements of the chain's result.</summary>
    public ReadOnlyMemory<long> Counts { get; }

    /// <summary>The block with the rows of another one behind its own.</summary>
    /// <exception cref="ArgumentException">The other one is of another input or other tensors.</exception>
    public TermBlock With(TermBlock more) => more.Input == Input && more.TensorsPerLayer.SequenceEqual(TensorsPerLayer)
        ? new(
            Input, TensorsPerLayer, Chains.AddRange(more.Chains), [.. Means.Span, .. more.Means.Span],
            [.. Counts.Span, .. more.Counts.Span])
        : throw new ArgumentException("the blocks are of different tensors", nameof(more));

    /// <summary>The chain's value on each layer.</summary>
    /// <param name="chain">Row of the chain.</param>
    /// <param name="elements">How the elements of the chain's result become a number.</param>
    /// <param name="tensors">How the tensors of a layer become a number.</param>
    public double[] LayerValues(int chain, Reduction elements, Reduction tensors)
    {
        var values = new double[TensorsPerLayer.Length];
        LayerValues(chain, elements, tensors, values);
        return values;
    }

    /// <summary>Writes the chain's value on each layer.</summary>
    /// <param name="chain">Row of the chain.</param>
    /// <param name="elements">How the elements of the chain's result become a number.</param>
    /// <param name="tensors">How the tensors of a layer become a number.</param>
    /// <param name="values">Where to: as long as there are layers.</param>
    public void LayerValues(int chain, Reduction elements, Reduction tensors, Span<double> values)
    {
        var perRow = Means.Length / Chains.Length;
        var means = Means.Span.Slice(chain * perRow, perRow);
        var counts = Counts.Span.Slice(chain * perRow, perRow);
        var tensor = 0;
        for (var layer = 0; layer < TensorsPerLayer.Length; layer++)
        {
            var sum = 0.0;
            for (var i = 0; i < TensorsPerLayer[layer]; i++, tensor++)
            {
                sum += elements == Reduction.Mean ? means[tensor] : means[tensor] * counts[tensor];
            }

            values[layer] = tensors == Reduction.Mean ? sum / TensorsPerLayer[layer] : sum;
        }
    }
}
