using System.Collections.Immutable;

namespace LPZero.Messages.Architectures;

/// <summary>What a genotype is made of, in whole numbers, so that it can be varied by who does not know its space.</summary>
/// <param name="Network">Genes of the network as a whole, as many for every genotype of a space.</param>
/// <param name="Layers">
/// Genes of each layer, first to last, as many for every layer of a space; empty where layers have none of their own.
/// </param>
public sealed record Genes(ImmutableArray<int> Network, ImmutableArray<ImmutableArray<int>> Layers);
