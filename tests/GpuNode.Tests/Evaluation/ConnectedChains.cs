using System.Collections.Immutable;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Evaluation;

/// <summary>The chains that have a value: those without disconnect.</summary>
internal static class ConnectedChains
{
    /// <summary>All of a length.</summary>
    public static ImmutableArray<Chain> Of(int length) => [.. Chain.All(length).Where(chain => !chain.Contains(UnaryOperation.Disconnect))];
}
