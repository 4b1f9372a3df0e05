using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Truths;

/// <summary>Trainings of networks, some of which were trained more than once: what the noise of their truths is known from.</summary>
/// <param name="Networks">[n] key of the network that was trained, in the shapes that the truth was measured on.</param>
/// <param name="Groups">[n] name of the group of equal layers and hidden size.</param>
/// <param name="Failed">[n] whether the training has failed by the benchmark's rule.</param>
public sealed record Trainings(ImmutableArray<string> Networks, ImmutableArray<string> Groups, ImmutableArray<bool> Failed)
{
    /// <summary>Number of trainings.</summary>
    public int Count => Networks.Length;

    /// <summary>Whether one of them has failed.</summary>
    public bool AnyFailed => Failed.Contains(value: true);

    /// <summary>The trainings of architectures of a benchmark, in their order.</summary>
    public static Trainings Of(Benchmark benchmark, IReadOnlyList<Architecture> architectures) => new(
        [.. architectures.Select(architecture => architecture.Genotype.Resolve(benchmark.Shapes).ToString())],
        [.. architectures.Select(GroupOf)],
        [.. architectures.Select(architecture => benchmark.Tasks?.HasFailed(architecture) ?? false)]);

    /// <summary>The group of architectures with the same number of layers and the same hidden size.</summary>
    public static string GroupOf(Architecture architecture) => string.Create(
        CultureInfo.InvariantCulture, $"{architecture.Genotype.LayerCount} layers, hidden {architecture.Genotype.HiddenSize}");

    /// <summary>Those at the given places.</summary>
    public Trainings At(IReadOnlyList<int> places) => new(
        [.. places.Select(i => Networks[i])], [.. places.Select(i => Groups[i])], [.. places.Select(i => Failed[i])]);

    /// <summary>The places of those that have not failed.</summary>
    public ImmutableArray<int> Successful => [.. Enumerable.Range(0, Count).Where(i => !Failed[i])];
}
