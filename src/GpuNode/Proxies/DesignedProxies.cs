using System.Collections.Immutable;

namespace LPZero.GpuNode.Proxies;

/// <summary>The proxies that people designed, by their ids.</summary>
public static class DesignedProxies
{
    /// <summary>Version of their definitions; stored scores of another one are not used.</summary>
    public const int Version = 5;

    /// <summary>All of them, from those that need no pass to those that need the most.</summary>
    public static ImmutableArray<IDesignedProxy> All { get; } =
    [
        new ParameterCount("parameters", "of the whole network", structure => structure.TotalParameters),
        new ParameterCount("non-embedding-parameters", "outside embedding and output", structure => structure.Parameters?.NonEmbedding),
        new ParameterCount("decoder-parameters", "of attention and feed-forward blocks",
            structure => structure.Parameters?.Attention + structure.Parameters?.FeedForward),
        new ParameterCount("attention-parameters", "of attention, or what mixes tokens in its place",
            structure => structure.Parameters?.Attention),
        new ParameterCount("feed-forward-parameters", "of the feed-forward blocks", structure => structure.Parameters?.FeedForward),
        new Flops(),
        new ZeroLm(attention: 0.5), new ZeroLm(attention: 1), new ZeroLm(attention: 0),
        new ActivationDistance(isNormalized: false), new ActivationDistance(isNormalized: true),
        new AttentionConfidence(isNormalized: false), new AttentionConfidence(isNormalized: true),
        new SoftmaxConfidence(isNormalized: false), new SoftmaxConfidence(isNormalized: true),
        new Nwot(), new WPca(), new EffectiveRank(),
        new SynapticDiversity(isNormalized: false), new SynapticDiversity(isNormalized: true),
        new SynapticSaliency(isNormalized: false), new SynapticSaliency(isNormalized: true),
        new HeadImportance(isNormalized: false), new HeadImportance(isNormalized: true),
        new JacobianCosine(), new JacobianCovariance(),
        new GradientNorm(), new Plain(), new Snip(), new Fisher(), new EzNas(),
        new Grasp(), new SynFlow(), new LogSynFlow(), new ZenNas(),
    ];

    /// <summary>The proxy of that id; null where there is none.</summary>
    public static IDesignedProxy? Find(string id) => All.FirstOrDefault(proxy => proxy.Id == id);
}
