using System.Collections.Immutable;
using LPZero.Seed.Storage;

namespace LPZero.Bench.Scale;

/// <summary>A directory of nodes that knows of none: those of a measurement find each other by their seed.</summary>
internal sealed class NoDirectory : INodeDirectory
{
    public string DatabaseId => "none";

    public Task BeatAsync(string address) => Task.CompletedTask;

    public Task<ImmutableArray<string>> OthersAsync(string address, bool mayBegin) => Task.FromResult<ImmutableArray<string>>([]);

    public Task LeaveAsync(string address) => Task.CompletedTask;
}
