using System.Collections.Immutable;

namespace LPZero.Seed.Storage;

/// <summary>
/// The living nodes of a cluster: what lets a node that was started again find its cluster, and two that start at the same
/// moment begin one and not two.
/// </summary>
public interface INodeDirectory
{
    /// <summary>Tells databases, and so directories, apart.</summary>
    string DatabaseId { get; }

    /// <summary>Notes that the node is alive. It counts as such for a few seconds.</summary>
    /// <param name="address">Where its peers reach it, as <c>HOST:PORT</c>.</param>
    Task BeatAsync(string address);

    /// <summary>
    /// The other living nodes. Where there are none and the node may begin a cluster, it is noted as alive in the same step.
    /// </summary>
    /// <param name="address">The node that asks.</param>
    /// <param name="mayBegin">Whether it may begin a cluster.</param>
    Task<ImmutableArray<string>> OthersAsync(string address, bool mayBegin);

    /// <summary>Forgets the node, which has left.</summary>
    Task LeaveAsync(string address);
}
