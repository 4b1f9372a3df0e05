using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Proxies;

/// <summary>A network each of whose linear maps has one weight that is not a number.</summary>
internal sealed class BrokenNetwork(INetwork whole) : INetwork
{
    public ProbeSettings Probe => whole.Probe;

    public int Layers => whole.Layers;

    public ImmutableArray<ParameterShape> Parameters(int layer) => whole.Parameters(layer);

    public IReadOnlyDictionary<string, Tensor> Draw(int layer)
    {
        var weights = whole.Draw(layer);
        foreach (var map in Parameters(layer).Where(own => own.IsLinearMap))
        {
            MemoryMarshal.Cast<byte, float>(weights[map.Name].bytes)[0] = float.NaN;
        }

        return weights;
    }

    public Tensor Embed() => whole.Embed();

    public LayerOutput Forward(int layer, IReadOnlyDictionary<string, Tensor> weights, Tensor hidden) =>
        whole.Forward(layer, weights, hidden);

    public IReadOnlyDictionary<string, Tensor> DrawForLoss() => whole.DrawForLoss();

    public Tensor Loss(IReadOnlyDictionary<string, Tensor> weights, Tensor hidden) => whole.Loss(weights, hidden);
}
