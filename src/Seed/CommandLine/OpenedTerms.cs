using LPZero.Coordinator.Exhaustive;
using LPZero.Messages.Control;

namespace LPZero.Seed.CommandLine;

/// <summary>Who computes terms for a command: this process, or a cluster.</summary>
/// <param name="terms">Who computes them.</param>
/// <param name="threads">What this process may do side by side itself.</param>
/// <param name="keepResult">Stores the result of an exhaustive search under its key; null where there is no place for it.</param>
/// <param name="reportMemory">Says what memory this process took; null where its memory has no bound.</param>
/// <param name="close">Releases what computes.</param>
internal sealed class OpenedTerms(
    ITermCollector terms, int threads, Func<string, ExhaustiveResult, Task>? keepResult, Action? reportMemory, Func<ValueTask> close)
        : IAsyncDisposable
{
    /// <summary>Who computes terms.</summary>
    public ITermCollector Terms => terms;

    /// <summary>What this process may do side by side itself.</summary>
    public int Threads => threads;

    /// <summary>Threads that compute terms; null where they are a cluster's.</summary>
    public int? ComputingThreads => reportMemory is null ? null : threads;

    /// <summary>Stores the result of an exhaustive search under its key; null where there is no place for it.</summary>
    public Func<string, ExhaustiveResult, Task>? KeepResult => keepResult;

    /// <summary>Says what memory this process took at most, where it has a bound.</summary>
    public void ReportMemory() => reportMemory?.Invoke();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => close();
}
