using System.Collections.Immutable;

namespace LPZero.Messages.Architectures;

/// <summary>A genotype with its measured quality.</summary>
/// <param name="Id">The benchmark's own identifier.</param>
/// <param name="Genotype">What was trained.</param>
/// <param name="Truth">The ground truth; higher is better.</param>
public sealed record Architecture(string Id, FlexiBertGenotype Genotype, double Truth);

/// <summary>Sizes of the embedding, which all architectures of a benchmark share.</summary>
/// <param name="Vocabulary">Number of token ids.</param>
/// <param name="Embedding">Width of the embedding; a projection follows where the hidden size differs.</param>
/// <param name="Positions">Number of positions.</param>
public sealed record EmbeddingSizes(int Vocabulary, int Embedding, int Positions)
{
    /// <summary>The sizes of the public FlexiBERT benchmark.</summary>
    public static readonly EmbeddingSizes FlexiBert = new(30522, 128, 512);
}

/// <summary>Architectures of one search space with their ground truth.</summary>
/// <param name="Name">A short name for reports.</param>
/// <param name="Metric">What the truth measures.</param>
/// <param name="Shapes">The shapes that the truth was measured on.</param>
/// <param name="Sizes">Sizes of the embedding.</param>
/// <param name="Architectures">The architectures, in the benchmark's order.</param>
public sealed record Benchmark(string Name, string Metric, Shapes Shapes, EmbeddingSizes Sizes, ImmutableArray<Architecture> Architectures);
