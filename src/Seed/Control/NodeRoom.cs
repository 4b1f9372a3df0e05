using System.Collections.Immutable;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Control;

/// <summary>
/// Whether the nodes have room for each network of a run. Asked before it begins, as one of the held-out part would be reached last.
/// </summary>
public static class NodeRoom
{
    // What needs least beside the network's inputs. Nodes do not say which evaluator is theirs.
    private static readonly OpByOpEvaluator Least = new(memoryBudget: 0);

    /// <summary>
    /// Why a network fits on no node, in one line. Null where each fits, and where no node says what it has room for: others may come.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="nodes">Who takes part.</param>
    public static string? FindProblem(StartRequest run, ImmutableArray<NodeListing> nodes)
    {
        var most = nodes.Select(node => node.Device).OfType<DeviceDescription>().Where(device => device.MemoryBudget > 0)
            .Max(device => (long?)(device.MemoryBudget / device.Threads));
        if (most is not { } room)
        {
            return null;
        }

        var (benchmark, configuration) = (run.Benchmark, run.Configuration);
        var probe = configuration.Probe(benchmark.Sizes);
        try
        {
            foreach (var network in benchmark.Architectures.Select(a => a.Genotype.Resolve(configuration.ShapesOn(benchmark))).Distinct())
            {
                MemoryBudget.Check(new ProbedNetwork(network, probe), Least, room, configuration.Combine == Combination.Tensors);
            }
        }
        catch (BatchTooLargeException problem)
        {
            return $"{problem.Message} (a thread of the node that has most; join one with more --memory or fewer --devices)";
        }

        return null;
    }
}
