using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LPZero.GpuNode.Evaluation;

namespace LPZero.Seed.CommandLine;

/// <summary>The options that say what a process computes with; every command that computes has them.</summary>
internal sealed class DeviceOptions
{
    private const string Cpu = "cpu";
    private const string CudaPrefix = "cuda:";

    private readonly Option<string> devices = new("--devices")
    {
        Description = "what computes terms; a GPU that is named several times serves as many threads",
        HelpName = "cpu|cuda:0,1",
        DefaultValueFactory = _ => Cpu,
    };

    private readonly Option<string> evaluator = CommonOptions.OneOf(
        "--evaluator",
        "how terms are computed: fused (one pass over a tensor for all chains), op-by-op (through libtorch, " +
        "tensor by tensor) or segmented (through libtorch, all tensors at once; the default on CUDA)", TermEvaluators.Names,
        TermEvaluators.DefaultOnCpu);

    /// <summary>What is done side by side on the CPU; it means something where a cluster computes the terms, too.</summary>
    public Option<int> Threads { get; } = new("--threads")
    {
        Description = "architectures computed side by side on the CPU; does not change the result",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    /// <summary>The bound on memory.</summary>
    public Option<double> Memory { get; } = new("--memory")
    {
        Description =
            "gigabytes that this process may take, on CUDA of the devices' memory all together; does not change the result",
        HelpName = "GB",
        // Half of what the machine has leaves room for the runtime, the term table and the neighbours.
        DefaultValueFactory = _ => Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2e9, 1),
    };

    /// <summary>All of them.</summary>
    public ImmutableArray<Option> All => [devices, Threads, Memory, evaluator];

    /// <summary>Those that mean nothing where a cluster computes the terms.</summary>
    public ImmutableArray<Option> OfThisProcess => All.Remove(Threads);

    /// <summary>What was given, to be given to another process.</summary>
    public IEnumerable<string> Given(ParseResult parsed)
    {
        foreach (var (option, value) in ((Option, IConvertible)[])[
            (devices, parsed.GetValue(devices)!), (Threads, parsed.GetValue(Threads)), (Memory, parsed.GetValue(Memory)),
            (evaluator, parsed.GetValue(evaluator)!),
        ])
        {
            if (CommonOptions.IsGiven(parsed, option))
            {
                yield return option.Name;
                yield return value.ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>How this process is to work.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="timeLimit">A run is paused after so much time, if set.</param>
    /// <exception cref="UsageException">It cannot be meant. Whether the devices are there is not looked at.</exception>
    public RunOptions Read(ParseResult parsed, TimeSpan? timeLimit = null)
    {
        var (text, threads, memory) = (parsed.GetValue(devices)!, parsed.GetValue(Threads), parsed.GetValue(Memory));
        CommonOptions.CheckThreads(threads);
        var names = Names(text, threads);
        if (text != Cpu && !CommonOptions.IsGiven(parsed, Memory))
        {
            throw new UsageException(
                $"--devices {text}: say with --memory how many gigabytes of the devices' memory, all together, may be used");
        }

        if (memory is not > 0)
        {
            throw new UsageException($"--memory {memory.ToString(CultureInfo.InvariantCulture)}: give a positive number of gigabytes");
        }

        // A quarter of a device's share is enough for an evaluator's intermediate results, and leaves the rest to inputs.
        var budget = (long)(memory * 1e9);
        var create = TermEvaluators.Factory(Evaluator(parsed, text), budget / names.Length / 4);
        return new RunOptions(names, threads, budget, create, timeLimit);
    }

    private string Evaluator(ParseResult parsed, string text)
    {
        if (text == Cpu)
        {
            return parsed.GetValue(evaluator)!;
        }

        var name = CommonOptions.IsGiven(parsed, evaluator) ? parsed.GetValue(evaluator)! : TermEvaluators.DefaultOnCuda;
        return TermEvaluators.NamesOnCuda.Contains(name, StringComparer.Ordinal)
            ? name
            : throw new UsageException(
                $"--evaluator {name} works on the CPU alone: leave it out, or give {string.Join(" or ", TermEvaluators.NamesOnCuda)}");
    }

    /// <summary>One name for each thread of the CPU, or for each CUDA device as often as it is given.</summary>
    private static ImmutableArray<string> Names(string text, int threads)
    {
        if (text == Cpu)
        {
            return [.. Enumerable.Repeat(Cpu, threads)];
        }

        // cuda:0,1 and cuda:0,cuda:1 are the same.
        List<string> indices = text.StartsWith(CudaPrefix, StringComparison.Ordinal)
            ? [.. text.Split(',').Select(part => part.StartsWith(CudaPrefix, StringComparison.Ordinal) ? part[CudaPrefix.Length..] : part)]
            : [];
        return indices.Count > 0 && indices.TrueForAll(index => int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? [.. indices.Select(index => CudaPrefix + index)]
            : throw new UsageException($"--devices {text}: give cpu, or CUDA devices such as cuda:0 or cuda:0,1");
    }
}
