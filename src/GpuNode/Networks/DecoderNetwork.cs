using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Models.Decoders;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Networks;

/// <summary>A decoder on a mini-batch. Its loss is the language model's: the cross entropy of the next token.</summary>
/// <param name="shape">The decoder.</param>
/// <param name="content">A text with everything that distinguishes it, from which its weights are seeded.</param>
/// <param name="probe">How it is probed; its vocabulary is the decoder's.</param>
/// <param name="device">Where it is.</param>
/// <param name="asTrained">
/// How decoders of its space began their training, for a parameter and its layer's index (null outside the layers), where that is asked
/// for and they have a rule; where that says nothing, as usual.
/// </param>
public sealed class DecoderNetwork(
    DecoderShape shape, string content, ProbeSettings probe, Device device,
    Func<ParameterShape, int?, InitialWeights?>? asTrained = null) : INetwork
{
    private readonly RandomWeights random = new(RandomWeights.Seed(probe.WeightsSeed, content));
    private readonly Func<ParameterShape, int?, InitialWeights?>? start = probe.Start == WeightStart.AsTrained ? asTrained : null;

    /// <inheritdoc/>
    public ProbeSettings Probe => probe;

    /// <inheritdoc/>
    public int Layers => shape.Layers.Length;

    /// <inheritdoc/>
    public ImmutableArray<ParameterShape> Parameters(int layer) => DecoderParameters.Layer(shape, shape.Layers[layer]);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Draw(int layer) =>
        random.Draw($"layer.{layer}.", Parameters(layer), own => start?.Invoke(own, layer)).MovedTo(device);

    /// <summary>The embedding of the mini-batch, [B, T, hidden]. Only the rows in use are drawn.</summary>
    public Tensor Embed()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var tokens = MiniBatch.Tokens(probe);
        var used = new UsedRows(shape, tokens);
        var weights = random.Draw("", DecoderParameters.Embedding(shape).Where(own => own.Kind != ParameterKind.Embedding), Outside);
        foreach (var table in DecoderParameters.Embedding(shape).Where(own => own.Kind == ParameterKind.Embedding))
        {
            var rows = table.Name == "position.weight" ? Enumerable.Range(0, probe.SequenceLength) : used.Of(table.Name);
            weights.Add(table.Name, Table(table, [.. rows]));
        }

        var ids = tensor(used.Tokens).reshape(probe.BatchSize, probe.SequenceLength);
        return DecoderEmbedding.Forward(new DecoderWeights(used.Shape, weights), ids).MovedTo(device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public LayerOutput Forward(int layer, IReadOnlyDictionary<string, Tensor> weights, Tensor hidden) =>
        DecoderBlock.Forward(new DecoderWeights(shape, weights), shape.Layers[layer], hidden);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> DrawForLoss() => random.Draw(
        "", [.. DecoderParameters.Embedding(shape), .. DecoderParameters.LastNorm(shape), .. DecoderParameters.Output(shape)],
        Outside).MovedTo(device);

    /// <summary>The mean over all tokens but each sequence's first of -ln p(token | those before it).</summary>
    /// <param name="weights">Embedding, last normalisation and output.</param>
    /// <param name="hidden">The last layer's output, [B, T, hidden].</param>
    public Tensor Loss(IReadOnlyDictionary<string, Tensor> weights, Tensor hidden)
    {
        var tokens = tensor(MiniBatch.Tokens(probe), dtype: ScalarType.Int64).reshape(probe.BatchSize, probe.SequenceLength);
        return DecoderOutput.Loss(new DecoderWeights(shape, weights), hidden, tokens.to(device));
    }

    private InitialWeights? Outside(ParameterShape own) => start?.Invoke(own, null);

    private Tensor Table(ParameterShape table, ImmutableArray<int> rows)
    {
        var width = (int)table.Shape[1];
        var drawn = empty([rows.Length, width], dtype: ScalarType.Float32);
        foreach (var (index, row) in random.Rows(table.Name, rows, width, Outside(table)).Index())
        {
            row.CopyTo(RandomWeights.Floats(drawn)[(index * width)..]);
        }

        return drawn;
    }

    /// <summary>The rows of the token tables that a mini-batch uses, as the tables of a decoder with no other tokens.</summary>
    private sealed class UsedRows
    {
        private readonly ImmutableArray<int> ids;
        private readonly DecoderShape all;

        public UsedRows(DecoderShape all, int[] tokens)
        {
            this.all = all;
            ids = [.. tokens.Distinct().Order()];
            Tokens = [.. tokens.Select(token => (long)ids.BinarySearch(token))];
            Shape = all with { Embedding = all.Embedding with { Ends = [.. all.Embedding.Ends.Select(end => ids.Count(id => id < end))] } };
        }

        /// <summary>The decoder with the tokens in use alone.</summary>
        public DecoderShape Shape { get; }

        /// <summary>The mini-batch by that decoder's ids.</summary>
        public long[] Tokens { get; }

        /// <summary>The rows in use of the table of that name.</summary>
        public IEnumerable<int> Of(string table)
        {
            if (all.Embedding.Divisor == 1)
            {
                return ids;
            }

            var cluster = int.Parse(table.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
            var start = cluster == 0 ? 0 : all.Embedding.Ends[cluster - 1];
            return ids.Where(id => id >= start && id < all.Embedding.Ends[cluster]).Select(id => id - start);
        }
    }
}
