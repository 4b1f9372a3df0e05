using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>A network that a search of architectures may choose.</summary>
/// <param name="Id">The first of the benchmark's architectures that build it; null where none does.</param>
/// <param name="Genotype">A genotype that builds it.</param>
/// <param name="Network">The network, with its shapes resolved.</param>
/// <param name="Structure">What is known of it without building it.</param>
/// <param name="Truth">Mean truth of the benchmark's architectures that build it; null where none does.</param>
public sealed record SearchedNetwork(string? Id, Genotype Genotype, Genotype Network, Structure Structure, double? Truth);
