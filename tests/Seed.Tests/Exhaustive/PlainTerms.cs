using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LPZero.GpuNode;
using LPZero.GpuNode.Actors;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Tests.Exhaustive;

/// <summary>Terms from a plain loop over the architecture host: no actor, no store, one thread.</summary>
internal sealed class PlainTerms : ITermCollector
{
    private readonly ConcurrentDictionary<string, ImmutableArray<TermBlock>> blocks = new();

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<WantedTerms> Asked { get; } = [];

    /// <summary>What scores were asked for, in order.</summary>
    public ConcurrentQueue<WantedScores> AskedScores { get; } = [];

    /// <summary>Completes when somebody asks for terms that are not known yet.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it waits for ever before it computes anything.</summary>
    public bool IsHeld { get; init; }

    public async Task<string> EnsureTermsAsync(WantedTerms wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
    {
        Assert.Null(wanted.FindProblem());
        Asked.Enqueue(wanted);
        if (IsHeld && !wanted.Branches.IsEmpty)
        {
            Begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        using var host = new ArchitectureHost(new FusedEvaluator(), 1L << 30);
        foreach (var target in wanted.Branches.IsEmpty ? [] : wanted.Networks.Select(network => new ProbedNetwork(network, wanted.Probe)))
        {
            var key = target.Key(host.NumericProfile);
            if (Known(key).Missing(SetsOf(wanted.Branches)) is [_, ..] missing)
            {
                var reply = host.Evaluate(new TermRequest(Id: 1, Attempt: 1, target, missing, IsLast: true));
                blocks.AddOrUpdate(key, reply.Blocks, (_, before) => before.AddRange(reply.Blocks));
            }
        }

        return host.NumericProfile;
    }

    public Task<ImmutableArray<ImmutableArray<ProxyScore>>> ScoresAsync(
        WantedScores wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
    {
        Assert.Null(wanted.FindProblem());
        AskedScores.Enqueue(wanted);
        using var host = new ArchitectureHost(new FusedEvaluator(), 1L << 30);
        return Task.FromResult(ImmutableArray.CreateRange(
            wanted.Networks.Select(network => host.Score(new ProbedNetwork(network, wanted.Probe), wanted.Proxies))));
    }

    public async IAsyncEnumerable<ImmutableArray<TermBlock>> TermsAsync(
        StoredTerms stored, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Assert.Null(stored.FindProblem());
        foreach (var key in stored.ContentKeys)
        {
            await Task.Yield();
            yield return Known(key).Select(SetsOf(stored.Branches));
        }
    }

    private static ImmutableArray<ChainSet> SetsOf(IEnumerable<Branch> branches) =>
    [
        .. branches.Distinct().GroupBy(branch => branch.Input)
            .Select(group => new ChainSet(group.Key, [.. group.Select(branch => branch.Chain)])),
    ];

    private KnownBlocks Known(string key)
    {
        var known = new KnownBlocks();
        known.Add(blocks.GetValueOrDefault(key, []));
        return known;
    }
}
