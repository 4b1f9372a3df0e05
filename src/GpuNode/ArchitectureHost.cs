using System.Collections.Immutable;
using LPZero.GpuNode.Chains;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode;

/// <summary>
/// Holds the inputs of architectures on one device and evaluates terms on them. Within its memory budget an architecture
/// stays loaded; beyond it the least recently used are released, and rebuilt when they are asked for again. A host
/// belongs to one thread, as tensors' dispose scopes do; several hosts work side by side.
/// </summary>
public sealed class ArchitectureHost : IDisposable
{
    private readonly ITermEvaluator evaluator;
    private readonly long memoryBudget;
    private readonly ProcessMemory? process;
    private readonly Device device;
    private readonly Dictionary<ProbedNetwork, LinkedListNode<Loaded>> byTarget = [];
    private readonly LinkedList<Loaded> mostRecentFirst = [];

    /// <summary>An empty host.</summary>
    /// <param name="evaluator">What evaluates chains.</param>
    /// <param name="memoryBudget">Bytes for inputs, for building them and for evaluating chains on them.</param>
    /// <param name="device">Where architectures are built and evaluated; by default the CPU.</param>
    /// <param name="process">What also bounds them, where they are built in this process's memory.</param>
    /// <exception cref="TorchUnavailableException">The native libraries do not load, or the device is not there.</exception>
    public ArchitectureHost(ITermEvaluator evaluator, long memoryBudget, Device? device = null, ProcessMemory? process = null)
    {
        this.evaluator = evaluator;
        this.memoryBudget = memoryBudget;
        this.process = process;
        TorchStartup.Check(device?.ToString() ?? "cpu");
        this.device = device ?? CPU;
        TorchThreads.UseOne();
        NumericProfile = Devices.NumericProfile.Describe(this.device, evaluator);
    }

    /// <summary>What the bits of this host's terms depend on besides the request.</summary>
    public string NumericProfile { get; }

    /// <summary>Bytes that the loaded architectures hold.</summary>
    public long LoadedBytes { get; private set; }

    /// <summary>Number of loaded architectures.</summary>
    public int LoadedCount => byTarget.Count;

    /// <summary>The loaded architectures.</summary>
    public IReadOnlyCollection<ProbedNetwork> LoadedNetworks => byTarget.Keys;

    /// <summary>How many times an architecture was built, rebuilding included.</summary>
    public long Builds { get; private set; }

    /// <summary>The terms or scores that the request asks for. The last request of a network releases it.</summary>
    /// <exception cref="BatchTooLargeException">The network alone exceeds the memory budget; nothing was allocated.</exception>
    /// <exception cref="ArgumentException">The network cannot be built, a chain is disconnected, or there is no such proxy.</exception>
    public TermReply Evaluate(TermRequest request)
    {
        if (!request.Proxies.IsEmpty)
        {
            var (scores, blocks) = Score(request.Target, request.Proxies, request.Along);
            return new TermReply(request.Id, request.Attempt, blocks) { Scores = scores };
        }

        var factors = Factors(request.Wanted).ToList();
        var inputs = Load(
            request.Target, [.. request.Wanted.Select(wanted => wanted.Input).Concat(factors.Select(factor => factor.Input)).Distinct()],
            hasProducts: factors.Count > 0);
        var reply = new TermReply(request.Id, request.Attempt, [.. request.Wanted.Select(wanted => Evaluate(wanted, inputs))]);
        if (request.IsLast)
        {
            Unload(request.Target);
        }

        return reply;
    }

    /// <summary>What proxies that people designed say of an architecture. Nothing stays loaded for it.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="proxies">Ids of the proxies.</param>
    /// <exception cref="BatchTooLargeException">The passes exceed the memory budget; nothing was allocated.</exception>
    /// <exception cref="ArgumentException">The network cannot be built, or there is no such proxy.</exception>
    public ImmutableArray<ProxyScore> Score(ProbedNetwork target, IEnumerable<string> proxies) => Score(target, proxies, []).Scores;

    /// <summary>
    /// The same, and terms that the pass of the proxies shows; none where it runs for none of them, memory lacks, or they cannot be
    /// computed: who asks for the terms themselves is told why.
    /// </summary>
    private (ImmutableArray<ProxyScore> Scores, ImmutableArray<TermBlock> Blocks) Score(
        ProbedNetwork target, IEnumerable<string> proxies, ImmutableArray<ChainSet> along)
    {
        var chosen = proxies
            .Select(id => DesignedProxies.Find(id) ?? throw new ArgumentException($"there is no proxy '{id}'", nameof(proxies))).ToList();
        var needsNetwork = chosen.Exists(proxy => proxy.NeedsNetwork);
        var network = needsNetwork ? Network.FindOf(target, device) : null;
        var needed = needsNetwork ? MemoryBudget.CheckScoring(target, memoryBudget) : 0;
        var withTerms = network is null || along.IsEmpty ? 0 : MemoryBudget.NeededWithTerms(target, evaluator, HaveProducts(along));
        var hasTerms = withTerms > 0 && withTerms <= memoryBudget;
        needed = hasTerms ? Math.Max(needed, withTerms) : needed;
        MakeRoom(needed, keep: 0);
        process?.Reserve(needed);
        try
        {
            using var evidence = new NetworkEvidence(
                network, target.Network.Describe(target.Probe.Sizes, target.Probe.SequenceLength),
                network is null ? () => Network.InputsOf(target, InputProbe.All, device) : null,
                chosen.Aggregate(hasTerms ? NeedsOf(along) : ProxyNeeds.Description, (all, proxy) => all | proxy.Needs));
            var scores = ProxyScoring.Of(evidence, chosen);
            return (scores, hasTerms && evidence.HasRun ? Along(along, evidence) : []);
        }
        finally
        {
            process?.Reserve(-needed);
        }
    }

    /// <summary>All inputs of an architecture, built unless they are loaded. They belong to the host.</summary>
    /// <exception cref="BatchTooLargeException">The network alone exceeds the memory budget; nothing was allocated.</exception>
    /// <exception cref="ArgumentException">The network cannot be built.</exception>
    public ArchitectureInputs Load(ProbedNetwork target) => Load(target, InputProbe.All);

    /// <summary>
    /// The inputs of an architecture, at least those wanted. Where some of them are missing of what is loaded, it is built anew with both:
    /// no backward pass runs that nobody asked for. They belong to the host.
    /// </summary>
    /// <param name="target">The architecture.</param>
    /// <param name="wanted">The inputs that are wanted.</param>
    /// <exception cref="BatchTooLargeException">The network alone exceeds the memory budget; nothing was allocated.</exception>
    /// <exception cref="ArgumentException">The network cannot be built.</exception>
    public ArchitectureInputs Load(ProbedNetwork target, IReadOnlyCollection<InputKind> wanted) => Load(target, wanted, hasProducts: false);

    /// <summary>Releases an architecture if it is loaded.</summary>
    public void Unload(ProbedNetwork target)
    {
        if (byTarget.TryGetValue(target, out var node))
        {
            Release(node);
        }
    }

    /// <summary>Releases all architectures.</summary>
    public void Dispose()
    {
        while (mostRecentFirst.Count > 0)
        {
            Release(mostRecentFirst.Last!);
        }
    }

    /// <summary>Bytes for what is loaded and what is done with it.</summary>
    private long Room => Math.Min(memoryBudget, process?.Share() ?? long.MaxValue);

    private static IEnumerable<Branch> Factors(ImmutableArray<ChainSet> sets) =>
        sets.SelectMany(set => set.Chains).Select(chain => chain.Factor).OfType<Branch>();

    private static ProxyNeeds NeedsOf(ImmutableArray<ChainSet> sets) => sets.Select(set => set.Input)
        .Concat(Factors(sets).Select(factor => factor.Input))
        .Aggregate(ProxyNeeds.Description, (needs, input) => needs | NetworkEvidence.NeedsOf(input));

    private static bool HaveProducts(ImmutableArray<ChainSet> sets) => Factors(sets).Any();

    private ImmutableArray<TermBlock> Along(ImmutableArray<ChainSet> along, NetworkEvidence evidence)
    {
        try
        {
            return [.. along.Select(set => Evaluate(set, evidence))];
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            return [];
        }
    }

    private TermBlock Evaluate(ChainSet wanted, NetworkEvidence evidence)
    {
        using var inputs = evidence.Inputs([wanted.Input, .. Factors([wanted]).Select(factor => factor.Input)]);
        return Evaluate(wanted, inputs);
    }

    private TermBlock Evaluate(ChainSet wanted, ArchitectureInputs inputs)
    {
        var products = wanted.Chains.RemoveAll(chain => chain.Factor is null);
        if (products.IsEmpty)
        {
            return evaluator.Evaluate(wanted.Input, inputs[wanted.Input], wanted.Chains);
        }

        var ofProducts = TensorProducts.Evaluate(wanted.Input, products, input => inputs[input], Room - LoadedBytes);
        return products.Length == wanted.Chains.Length
            ? ofProducts
            : evaluator.Evaluate(wanted.Input, inputs[wanted.Input], wanted.Chains.RemoveAll(chain => chain.Factor is not null))
                .With(ofProducts);
    }

    private ArchitectureInputs Load(ProbedNetwork target, IReadOnlyCollection<InputKind> wanted, bool hasProducts)
    {
        if (byTarget.TryGetValue(target, out var node) && !wanted.All(node.Value.Inputs.Has))
        {
            wanted = [.. wanted.Union(InputProbe.All.Where(node.Value.Inputs.Has))];
            Release(node);
            node = null;
        }

        if (node is not null)
        {
            mostRecentFirst.Remove(node);
            mostRecentFirst.AddFirst(node);
            if (hasProducts)
            {
                MemoryBudget.Check(target, evaluator, memoryBudget, hasProducts);
            }

            MakeRoom(MemoryBudget.Working(node.Value.Estimate, evaluator, hasProducts), keep: 1);
            return node.Value.Inputs;
        }

        var estimate = MemoryBudget.Check(target, evaluator, memoryBudget, hasProducts);
        var needed = MemoryBudget.Needed(estimate, evaluator, hasProducts);
        MakeRoom(needed, keep: 0);
        process?.Reserve(needed);
        Loaded loaded;
        try
        {
            loaded = new Loaded(target, estimate, Network.InputsOf(target, wanted, device));
            Hold(loaded.Inputs.Bytes);
        }
        finally
        {
            process?.Reserve(-needed);
        }

        byTarget.Add(target, mostRecentFirst.AddFirst(loaded));
        Builds++;
        return loaded.Inputs;
    }

    /// <summary>
    /// Releases until so many bytes are free beside what is loaded, or only the architecture at hand is left. The check before makes
    /// that enough for the budget; the process as a whole may hold too much else.
    /// </summary>
    private void MakeRoom(long bytes, int keep)
    {
        while (mostRecentFirst.Count > keep && LoadedBytes + bytes > Room)
        {
            Release(mostRecentFirst.Last!);
        }
    }

    private void Hold(long bytes)
    {
        LoadedBytes += bytes;
        process?.Reserve(bytes);
    }

    private void Release(LinkedListNode<Loaded> node)
    {
        var loaded = node.Value;
        mostRecentFirst.Remove(node);
        byTarget.Remove(loaded.Target);
        loaded.Inputs.Dispose();
        Hold(-loaded.Inputs.Bytes);
    }

    private sealed record Loaded(ProbedNetwork Target, MemoryEstimate Estimate, ArchitectureInputs Inputs);
}
