using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Embedded;

/// <summary>
/// The terms of a set of architectures: read from the term cache, and for the rest computed on the devices and stored
/// as they arrive.
/// </summary>
public sealed class KnownTerms
{
    private readonly string? run;
    private readonly ImmutableArray<ProbedNetwork> targets;
    private readonly ImmutableArray<string> contentKeys;
    private readonly TermStore store;
    private readonly DevicePool devices;
    private readonly TermPlan plan;
    private readonly ImmutableArray<TermTable> tables;
    private long requests;

    /// <summary>The terms that the cache holds of a set.</summary>
    /// <param name="run">The run that the computed terms are counted for, if it is one.</param>
    /// <param name="configuration">The run's configuration.</param>
    /// <param name="sizes">The benchmark's embedding.</param>
    /// <param name="set">The architectures.</param>
    /// <param name="numericProfile">What the devices' numbers depend on.</param>
    /// <param name="store">The term cache.</param>
    /// <param name="devices">What computes the rest.</param>
    /// <param name="plan">Which terms to ask for.</param>
    /// <param name="alsoReducedTo">Ways to reduce elements and tensors besides the configured one.</param>
    public KnownTerms(
        string? run, SearchConfiguration configuration, EmbeddingSizes sizes, ArchitectureSet set, string numericProfile,
        TermStore store, DevicePool devices, TermPlan plan, IEnumerable<(Reduction Elements, Reduction Tensors)>? alsoReducedTo = null)
        : this(
            run, [.. set.Networks.Select(network => new ProbedNetwork(network, configuration.Probe(sizes)))], numericProfile, store, devices, plan,
            [
                .. (alsoReducedTo ?? []).Prepend((configuration.ElementReduction, configuration.TensorReduction)).Distinct()
                    .Select(way => new TermTable(set.Networks.Length, way.Item1, way.Item2)),
            ])
    {
    }

    /// <summary>The terms that the cache holds of networks, in tables that know nothing yet.</summary>
    public KnownTerms(
        string? run, ImmutableArray<ProbedNetwork> targets, string numericProfile, TermStore store, DevicePool devices, TermPlan plan, ImmutableArray<TermTable> tables)
    {
        this.run = run;
        this.targets = targets;
        this.store = store;
        this.devices = devices;
        this.plan = plan;
        this.tables = tables;
        contentKeys = [.. targets.Select(target => target.Key(numericProfile))];
        for (var network = 0; network < contentKeys.Length; network++)
        {
            Add(network, store.Load(contentKeys[network]));
        }
    }

    /// <summary>The terms that are known.</summary>
    public TermTable Table => tables[0];

    /// <summary>The same terms, reduced in another way.</summary>
    /// <exception cref="InvalidOperationException">The way is not among those that were asked for.</exception>
    public TermTable TableOf(Reduction elements, Reduction tensors) => tables.First(table => (table.Elements, table.Tensors) == (elements, tensors));

    /// <summary>Makes the branches known on every network of the set.</summary>
    /// <param name="branches">The branches.</param>
    /// <param name="progress">Told of every answered request.</param>
    /// <param name="interrupt">Stops asking for more; what is under way is awaited and stored.</param>
    /// <returns>How many terms were known before.</returns>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    /// <exception cref="Exception">The first failure of a request or of the store; the replies to the others under way are stored.</exception>
    public async Task<long> EnsureAsync(IReadOnlyList<Branch> branches, IProgress<TermProgress>? progress, CancellationToken interrupt)
    {
        var missing = new Queue<(int Network, ImmutableArray<ChainSet> Wanted)>();
        var hits = 0L;
        for (var network = 0; network < targets.Length; network++)
        {
            hits += branches.Count(branch => Table.Knows(branch, network));
            var wanted = plan.Missing(Table, network, branches);
            if (!wanted.IsEmpty)
            {
                missing.Enqueue((network, wanted));
            }
        }

        var all = missing.Count;
        var underWay = new Dictionary<Task<TermReply>, int>();
        ExceptionDispatchInfo? failure = null;
        while (missing.Count > 0 || underWay.Count > 0)
        {
            while (missing.Count > 0 && underWay.Count < devices.Window && failure is null && !interrupt.IsCancellationRequested)
            {
                var (network, wanted) = missing.Dequeue();
                underWay.Add(devices.EvaluateAsync(new TermRequest(++requests, Attempt: 1, targets[network], wanted, plan.LeavesNothing(Table, network, wanted))), network);
            }

            if (underWay.Count == 0)
            {
                break;
            }

            var answered = await Task.WhenAny(underWay.Keys);
            underWay.Remove(answered, out var target);
            try
            {
                TakeIn(target, await answered);
            }
            catch (Exception problem)
            {
                // What the others compute meanwhile is kept.
                failure ??= ExceptionDispatchInfo.Capture(problem);
                continue;
            }

            progress?.Report(new TermProgress(all - missing.Count - underWay.Count, all));
        }

        failure?.Throw();
        if (missing.Count > 0)
        {
            interrupt.ThrowIfCancellationRequested();
        }

        return hits;
    }

    private void TakeIn(int network, TermReply reply)
    {
        store.Save(run, contentKeys[network], reply.Blocks);
        Add(network, reply.Blocks);
    }

    private void Add(int network, IEnumerable<TermBlock> blocks)
    {
        foreach (var block in blocks)
        {
            foreach (var table in tables)
            {
                table.Add(network, block);
            }
        }
    }
}
