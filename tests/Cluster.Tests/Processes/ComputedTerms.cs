using System.Collections.Immutable;
using LPZero.Messages.Control;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>
/// Adds up what the nodes say they have computed, as a monitoring system does: a node that counts less than before has
/// been started again. What a killed node computed after it was last asked is not in the sum.
/// </summary>
internal sealed class ComputedTerms
{
    private readonly Dictionary<string, long> last = [];

    /// <summary>Counts from what the nodes have computed so far.</summary>
    public ComputedTerms(ImmutableArray<NodeListing> start)
    {
        Take(start);
        Sum = 0;
    }

    /// <summary>Terms computed since the start.</summary>
    public long Sum { get; private set; }

    /// <summary>Takes in what the nodes say now.</summary>
    public void Take(ImmutableArray<NodeListing> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.Device is { } device)
            {
                Take(node.Address, device.ComputedTerms);
            }
        }
    }

    /// <summary>Takes in what one node said.</summary>
    public void Take(string address, long computed)
    {
        var before = last.GetValueOrDefault(address);
        Sum += computed >= before ? computed - before : computed;
        last[address] = computed;
    }
}
