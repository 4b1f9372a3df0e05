using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Proxies;

/// <summary>Another's network, which counts what is asked of those that it builds.</summary>
internal sealed class CountedGenotype(NetworkGenotype counted) : NetworkGenotype
{
    public int Draws { get; set; }

    /// <summary>How often the mini-batch was embedded: each pass over it begins so.</summary>
    public int Embeddings { get; set; }

    /// <summary>How often the loss was computed, without which there is no gradient of it.</summary>
    public int Losses { get; set; }

    public override string Space => counted.Space;

    public override int LayerCount => counted.LayerCount;

    public override int HiddenSize => counted.HiddenSize;

    protected override string Content => counted.ToString();

    public override string? FindProblem() => counted.FindProblem();

    public override Genotype Resolve(Shapes shapes) => this;

    public override Structure Describe(EmbeddingSizes sizes, int sequenceLength) => counted.Describe(sizes, sequenceLength);

    public override MemoryEstimate Estimate(ProbeSettings probe) => counted.Estimate(probe);

    public override INetwork? Build(ProbeSettings probe, Device device) => new CountedNetwork(this, counted.Build(probe, device)!);

    private sealed class CountedNetwork(CountedGenotype counts, INetwork network) : ForwardedNetwork(network)
    {
        public override IReadOnlyDictionary<string, Tensor> Draw(int layer)
        {
            counts.Draws++;
            return base.Draw(layer);
        }

        public override Tensor Embed()
        {
            counts.Embeddings++;
            return base.Embed();
        }

        public override Tensor Loss(IReadOnlyDictionary<string, Tensor> weights, Tensor hidden)
        {
            counts.Losses++;
            return base.Loss(weights, hidden);
        }
    }
}
