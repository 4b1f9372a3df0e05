using LPZero.GpuNode.Evaluation;

namespace LPZero.Seed.CommandLine;

/// <summary>How this process works on a run; none of it changes the result.</summary>
/// <param name="Threads">Architectures computed side by side.</param>
/// <param name="MemoryBudget">Bytes that the process may take.</param>
/// <param name="CreateEvaluator">Makes the term evaluator of a thread.</param>
/// <param name="TimeLimit">The run is paused after so much time in this process, if set.</param>
public sealed record RunOptions(int Threads, long MemoryBudget, Func<ITermEvaluator> CreateEvaluator, TimeSpan? TimeLimit);
