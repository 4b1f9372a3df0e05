using LPZero.GpuNode.Proxies;

namespace LPZero.GpuNode.Tests.Proxies;

/// <summary>The mean absolute weight of the linear maps: the example of docs/proxies.md.</summary>
public sealed class WeightScale : IDesignedProxy
{
    public string Id => "weight-scale";

    public string Measures => "mean absolute weight of the linear maps";

    public string Source => "an example";

    public ProxyNeeds Needs => ProxyNeeds.Maps;

    public ProxyValue Score(NetworkEvidence evidence) =>
        evidence.Sum(map => map.Weight.abs()) / evidence.Maps.Sum(map => map.Shape.Count);
}
