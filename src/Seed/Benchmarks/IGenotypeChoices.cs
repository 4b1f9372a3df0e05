using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>What the genotypes of a space to train are chosen from.</summary>
public interface IGenotypeChoices
{
    /// <summary>Whether its networks are trained to predict masked tokens, with a token id for the mask, and not the next ones.</summary>
    bool Masks { get; }

    /// <summary>How many genotypes build different networks.</summary>
    double Count { get; }

    /// <summary>All of them.</summary>
    IEnumerable<Genotype> All();

    /// <summary>Draws one.</summary>
    /// <param name="index">Its place in the sample: layers and hidden sizes are dealt out in turn, so that a small sample covers them
    /// evenly.</param>
    /// <param name="random">What decides the rest.</param>
    Genotype Draw(int index, RandomSequence random);
}
