using System.Collections.Immutable;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Scale;

/// <summary>A term cache that knows nothing and costs nothing: the database is not what is measured.</summary>
internal sealed class NoCache : ITermCache
{
    public Task<ImmutableArray<TermBlock>> LoadAsync(string contentKey) => Task.FromResult(ImmutableArray<TermBlock>.Empty);

    public Task<ImmutableArray<ProxyScore>> LoadScoresAsync(string contentKey) => Task.FromResult(ImmutableArray<ProxyScore>.Empty);

    public Task SaveScoresAsync(string contentKey, ImmutableArray<ProxyScore> scores) => Task.CompletedTask;

    public Task SaveAsync(string contentKey, ImmutableArray<TermBlock> blocks) => Task.CompletedTask;
}
