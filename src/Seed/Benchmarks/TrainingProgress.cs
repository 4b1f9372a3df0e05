using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>One architecture's training has ended.</summary>
/// <param name="Finished">Architectures that have ended, those of an earlier start included.</param>
/// <param name="Total">Architectures in all.</param>
/// <param name="Id">The architecture's id.</param>
/// <param name="Genotype">The architecture.</param>
/// <param name="Outcome">What it showed; its loss is not finite where the training diverged.</param>
/// <param name="Seconds">Wall time of its training.</param>
public sealed record TrainingProgress(
    int Finished, int Total, string Id, Genotype Genotype, TrainingOutcome Outcome, double Seconds);
