using System.Globalization;
using LPZero.GpuNode.Chains;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Spaces;
using LPZero.Messages;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Devices;

/// <summary>Whether a network fits into memory, said before anything is allocated.</summary>
public static class MemoryBudget
{
    // Tensors are filled and read through spans, whose length is an int.
    private const long LargestTensor = int.MaxValue;

    // A spectrum takes a matrix in double, its square, and LAPACK's copies; a layer its weights twice and their gradients in double.
    private const long SpectraFactor = 9;
    private const long PassFactor = 8;

    /// <summary>Bytes at most that it takes to build a network on its mini-batch, and then to evaluate chains on it.</summary>
    public static long Needed(MemoryEstimate estimate, ITermEvaluator evaluator, bool hasProducts = false) =>
        Math.Max(estimate.Peak, estimate.Held + Working(estimate, evaluator, hasProducts));

    /// <summary>Bytes that it takes to evaluate chains on a network, beside its inputs.</summary>
    public static long Working(MemoryEstimate estimate, ITermEvaluator evaluator, bool hasProducts) => Math.Max(
        evaluator.WorkingBytes(estimate.LargestTensor), hasProducts ? TensorProducts.WorkingBytes(estimate.LargestTensor) : 0);

    /// <summary>Bytes at most that scoring the network with proxies that people designed takes, if they fit.</summary>
    /// <param name="target">The network, with its shapes resolved, and its probe.</param>
    /// <param name="budget">Bytes allowed.</param>
    /// <exception cref="BatchTooLargeException">It needs more, or one of its tensors is too large for any budget.</exception>
    /// <exception cref="ArgumentException">The network cannot be built.</exception>
    public static long CheckScoring(ProbedNetwork target, long budget)
    {
        var estimate = Network.MemoryOf(target);
        var needed = NeededForScoring(estimate);
        Check(target, estimate, needed, budget);
        return needed;
    }

    /// <summary>
    /// Bytes at most that it takes to score a network with proxies that people designed. What its first pass shows stays. Beside it run,
    /// one after the other, the rest of that pass, passes layer by layer (weights and gradients of one in double, the loss), and spectra.
    /// </summary>
    public static long NeededForScoring(MemoryEstimate estimate) => estimate.Shown + Math.Max(
        estimate.Peak - estimate.Held, (SpectraFactor * estimate.LargestTensor) + (PassFactor * estimate.LargestLayer));

    /// <summary>
    /// Bytes at most that it takes to evaluate chains on what the first pass of the proxies shows: all of that, inputs made contiguous, and
    /// what evaluates them.
    /// </summary>
    public static long NeededWithTerms(ProbedNetwork target, ITermEvaluator evaluator, bool hasProducts)
    {
        var estimate = Network.MemoryOf(target);
        return estimate.LargestTensor <= LargestTensor
            ? estimate.Shown + estimate.Held + Working(estimate, evaluator, hasProducts)
            : long.MaxValue;
    }

    /// <summary>The network's estimate, if it fits.</summary>
    /// <param name="target">The network, with its shapes resolved, and its probe.</param>
    /// <param name="evaluator">What will evaluate chains on it.</param>
    /// <param name="budget">Bytes allowed.</param>
    /// <param name="hasProducts">Whether products of tensors are among the terms.</param>
    /// <exception cref="BatchTooLargeException">It needs more, or one of its tensors is too large for any budget.</exception>
    /// <exception cref="ArgumentException">The network cannot be built.</exception>
    public static MemoryEstimate Check(ProbedNetwork target, ITermEvaluator evaluator, long budget, bool hasProducts = false)
    {
        var estimate = Network.MemoryOf(target);
        Check(target, estimate, Needed(estimate, evaluator, hasProducts), budget);
        return estimate;
    }

    private static void Check(ProbedNetwork target, MemoryEstimate estimate, long needed, long budget)
    {
        if (needed > budget)
        {
            throw TooLarge(target, needed, budget);
        }

        if (estimate.LargestTensor > LargestTensor)
        {
            throw new BatchTooLargeException(RecordedIn(target) is { } file
                ? $"the recorded inputs in {file} have a tensor of {Megabytes(estimate.LargestTensor)} MB, more than " +
                    $"{Megabytes(LargestTensor)} MB: collect them on a smaller mini-batch"
                : $"a mini-batch of {target.Probe.BatchSize}x{target.Probe.SequenceLength} makes a tensor of " +
                    $"{Megabytes(estimate.LargestTensor)} MB on {PrintableText.Shorten(target.Network.ToString())}, " +
                    $"more than {Megabytes(LargestTensor)} MB: use a smaller batch or a smaller network");
        }

        if (estimate.LargestTable > LargestTensor)
        {
            throw new BatchTooLargeException(
                $"{PrintableText.Shorten(target.Network.ToString())} has an embedding or an output of " +
                $"{Megabytes(estimate.LargestTable)} MB, more than {Megabytes(LargestTensor)} MB: " +
                "use a network with a smaller vocabulary or a narrower embedding");
        }
    }

    private static BatchTooLargeException TooLarge(ProbedNetwork target, long needed, long budget) => new(RecordedIn(target) is { } file
        ? $"the recorded inputs in {file} need about {Megabytes(needed)} MB, more than the memory budget of {Megabytes(budget)} MB: " +
            "use a larger budget, or collect them on a smaller mini-batch"
        : $"a mini-batch of {target.Probe.BatchSize}x{target.Probe.SequenceLength} needs about {Megabytes(needed)} MB on " +
            $"{PrintableText.Shorten(target.Network.ToString())}, more than the memory budget of {Megabytes(budget)} MB: " +
            "use a smaller batch or a larger budget");

    private static string? RecordedIn(ProbedNetwork target) => (target.Network as NetworkGenotype)?.RecordedIn;

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("N0", CultureInfo.InvariantCulture);
}
