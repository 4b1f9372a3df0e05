using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Proxies;

/// <summary>Another network as it is, but for what is overridden.</summary>
internal abstract class ForwardedNetwork(INetwork whole) : INetwork
{
    public ProbeSettings Probe => whole.Probe;

    public int Layers => whole.Layers;

    public ImmutableArray<ParameterShape> Parameters(int layer) => whole.Parameters(layer);

    public virtual IReadOnlyDictionary<string, Tensor> Draw(int layer) => whole.Draw(layer);

    public virtual Tensor Embed() => whole.Embed();

    public LayerOutput Forward(int layer, IReadOnlyDictionary<string, Tensor> weights, Tensor hidden) =>
        whole.Forward(layer, weights, hidden);

    public IReadOnlyDictionary<string, Tensor> DrawForLoss() => whole.DrawForLoss();

    public virtual Tensor Loss(IReadOnlyDictionary<string, Tensor> weights, Tensor hidden) => whole.Loss(weights, hidden);
}
