using System.Collections.Immutable;
using LPZero.GpuNode.Actors;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Scale;

/// <summary>Notes no attempts: nobody dies here.</summary>
internal sealed class NoAttempts : IAttemptLog
{
    public Task<ImmutableArray<string>?> BeginAsync(string contentKey, TermRequest request) =>
        Task.FromResult<ImmutableArray<string>?>(null);

    public Task EndAsync(string contentKey, TermRequest request) => Task.CompletedTask;
}
