using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Akka.Actor;
using LPZero.Coordinator.Actors;
using LPZero.GpuNode.Actors;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Control;

/// <summary>Terms from the term cache of an actor system's nodes, and from the nodes where it lacks them.</summary>
/// <param name="actors">Where an actor asks for each question.</param>
/// <param name="cache">The term cache.</param>
/// <param name="nodes">What computes terms.</param>
/// <param name="settings">Times and bounds.</param>
/// <param name="clock">The time.</param>
public sealed class TermCollector(
    ActorSystem actors, ITermCache cache, IGpuNodes nodes, CoordinatorSettings settings, TimeProvider clock) : ITermCollector
{
    /// <inheritdoc/>
    public async Task<string> EnsureTermsAsync(WantedTerms wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
    {
        Check("terms", wanted.FindProblem());
        return (await EnsureAsync(wanted, [], [], progress, cancellation)).NumericProfile;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<ImmutableArray<ProxyScore>>> ScoresAsync(
        WantedScores wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
    {
        Check("scores", wanted.FindProblem());
        var onNetworks = new WantedTerms(wanted.Networks, wanted.Probe, Branches: [], wanted.NumericProfile);
        return (await EnsureAsync(onNetworks, wanted.Proxies, SetsOf(wanted.Along), progress, cancellation)).Scores;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ImmutableArray<TermBlock>> TermsAsync(
        StoredTerms stored, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Check("terms", stored.FindProblem());
        var wanted = SetsOf(stored.Branches);
        await foreach (var blocks in ReadAhead.InOrderAsync(stored.ContentKeys, key => ReadAsync(key, wanted)))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return blocks;
        }
    }

    /// <summary>An actor for one question makes it known; it is stopped where nobody wants to know any more.</summary>
    private async Task<EnsuredTerms> EnsureAsync(
        WantedTerms wanted, ImmutableArray<string> proxies, ImmutableArray<ChainSet> along, IProgress<TermProgress>? progress,
        CancellationToken cancellation)
    {
        var outcome = new TaskCompletionSource<EnsuredTerms>(TaskCreationOptions.RunContinuationsAsynchronously);
        var services = new CollectorServices(cache, nodes, settings, clock);
        var actor = actors.ActorOf(Props.Create(() => new EnsureTermsActor(wanted, proxies, along, services, progress, outcome)));
        await using var registration = cancellation.Register(() =>
        {
            outcome.TrySetCanceled(cancellation);
            actor.Tell(PoisonPill.Instance);
        });
        var hopeless = NodeHealth.Get(actors).Hopeless;
        if (await Task.WhenAny(outcome.Task, hopeless) == hopeless)
        {
            actor.Tell(PoisonPill.Instance);
            throw new SearchServiceException(await hopeless);
        }

        return await outcome.Task;
    }

    private static ImmutableArray<ChainSet> SetsOf(ImmutableArray<Branch> branches) =>
    [
        .. branches.Distinct().GroupBy(branch => branch.Input)
            .Select(group => new ChainSet(group.Key, [.. group.Select(branch => branch.Chain)])),
    ];

    private async Task<ImmutableArray<TermBlock>> ReadAsync(string contentKey, ImmutableArray<ChainSet> wanted)
    {
        var known = new KnownBlocks();
        try
        {
            known.Add(await cache.LoadAsync(contentKey));
        }
        catch (Exception problem) when (problem is DbException or IOException or InvalidDataException)
        {
            throw new SearchServiceException($"the term cache cannot be read: {problem.Message}");
        }

        return known.Missing(wanted) is [var missing, ..]
            ? throw new SearchServiceException(string.Create(CultureInfo.InvariantCulture,
                $"{missing.Chains.Length} terms of input {missing.Input} are not known of the network with content key {contentKey}: " +
                $"they are to be ensured first"))
            : known.Select(wanted);
    }

    /// <summary>Refuses what has a problem.</summary>
    /// <param name="what">What is asked for, such as <c>terms</c>.</param>
    /// <param name="problem">The problem; null where there is none.</param>
    /// <exception cref="SearchServiceException">It has one.</exception>
    internal static void Check(string what, string? problem)
    {
        if (problem is not null)
        {
            throw new SearchServiceException($"the {what} cannot be meant: {problem}", SearchFailure.Unfit);
        }
    }
}
