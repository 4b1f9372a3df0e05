using System.Runtime.InteropServices;
using LPZero.GpuNode.Networks;

namespace LPZero.GpuNode.Tests.Proxies;

/// <summary>A network each of whose linear maps has one weight that is not a number.</summary>
internal sealed class BrokenNetwork(INetwork whole) : ForwardedNetwork(whole)
{
    public override IReadOnlyDictionary<string, Tensor> Draw(int layer)
    {
        var weights = base.Draw(layer);
        foreach (var map in Parameters(layer).Where(own => own.IsLinearMap))
        {
            MemoryMarshal.Cast<byte, float>(weights[map.Name].bytes)[0] = float.NaN;
        }

        return weights;
    }
}
