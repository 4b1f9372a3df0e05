namespace LPZero.GpuNode.Inputs;

/// <summary>Bytes that a network on a mini-batch takes, from its shapes alone.</summary>
/// <param name="Held">What its inputs hold while it is loaded: exact.</param>
/// <param name="Peak">What building it takes at most, <paramref name="Held"/> included: an upper bound.</param>
/// <param name="LargestTensor">The largest tensor of its inputs.</param>
public sealed record MemoryEstimate(long Held, long Peak, long LargestTensor)
{
    /// <summary>
    /// What proxies that people designed keep of a pass at most: what the inputs hold, and outputs, projections, contexts, and gradients of
    /// activations besides.
    /// </summary>
    public long Shown { get; init; } = Held;

    /// <summary>The parameters of the largest layer.</summary>
    public long LargestLayer { get; init; } = LargestTensor;

    /// <summary>The largest table around the layers, of the embedding or of the output; 0 where none is drawn whole.</summary>
    public long LargestTable { get; init; }
}
