using System.Runtime.InteropServices;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// A bound on everything that this process holds in memory, shared by its hosts on the CPU. They say what their inputs hold and what
/// they are about to build. Whatever else is resident (runtime, libraries, term tables, an evaluator's scratch, what the allocator
/// keeps) is measured, and leaves less for inputs.
/// </summary>
/// <param name="budget">Bytes.</param>
/// <param name="hosts">How many hosts share them.</param>
/// <param name="resident">Measures the process, in bytes.</param>
public sealed partial class ProcessMemory(long budget, int hosts, Func<long> resident)
{
    private readonly Lock gate = new();
    private long reserved;
    private long besides;

    /// <summary>The bound on this process.</summary>
    /// <param name="budget">Bytes.</param>
    /// <param name="hosts">How many hosts share them.</param>
    public ProcessMemory(long budget, int hosts)
        : this(budget, hosts, () => Environment.WorkingSet)
    {
    }

    /// <summary>Bytes that one host may take now: its part of what is left beside the most that was seen of everything else.</summary>
    public long Share()
    {
        lock (gate)
        {
            if (resident() - reserved > besides)
            {
                // What was freed and not given back would otherwise count as in use, and ever more would be released for it.
                _ = Trim(0);
                besides = Math.Max(besides, resident() - reserved);
            }

            return Math.Max(0, budget - besides) / hosts;
        }
    }

    /// <summary>Says that a host takes so many bytes more, or fewer where negative.</summary>
    public void Reserve(long bytes)
    {
        lock (gate)
        {
            reserved += bytes;
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
