using System.Collections.Immutable;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;

namespace LPZero.Seed.CommandLine;

/// <summary>How this process works on runs.</summary>
/// <param name="Devices">What computes terms, one entry for each device thread: <c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Threads">What else is done side by side on the CPU.</param>
/// <param name="MemoryBudget">Bytes that the process may take, or of the memory of the CUDA devices all together.</param>
/// <param name="CreateEvaluator">Makes the term evaluator of a device thread.</param>
/// <param name="TimeLimit">The run is paused after so much time in this process, if set.</param>
public sealed record RunOptions(
    ImmutableArray<string> Devices, int Threads, long MemoryBudget, Func<ITermEvaluator> CreateEvaluator, TimeSpan? TimeLimit)
{
    /// <summary>Whether the CPU computes, and the memory budget is this process's.</summary>
    public bool IsOnCpu => Devices[0] == "cpu";

    /// <summary>Looks whether the devices are there, which loads the libraries; returns a line about each.</summary>
    /// <exception cref="TorchUnavailableException">One of them is not.</exception>
    public ImmutableArray<string> CheckDevices() => [.. Devices.Distinct().Select(device => TorchStartup.Check(device).ToString())];
}
