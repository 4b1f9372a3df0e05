using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;

namespace LPZero.Messages.Search;

/// <summary>Proxies as parts of predictors, scored as a configuration says.</summary>
public static class ProxyParts
{
    /// <summary>The proxy as a part without weight, with the configuration's reductions; of layers, where it has none of its own.</summary>
    public static ProxyPart Of(Proxy proxy, SearchConfiguration configuration) => new(
        proxy with { LayerReduction = proxy.LayerReduction ?? configuration.LayerReductions[0] }, configuration.ElementReduction,
        configuration.TensorReduction);
}
