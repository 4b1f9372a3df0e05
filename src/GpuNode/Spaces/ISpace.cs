using System.Numerics;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces;

/// <summary>A search space: what its genotypes are called, and how their text is read.</summary>
public interface ISpace
{
    /// <summary>Its name in texts of genotypes and in files: lower case letters, digits and hyphens.</summary>
    string Name { get; }

    /// <summary>How many genotypes the space has as it was published; null where it is not bounded, or nobody published one.</summary>
    BigInteger? Count => null;

    /// <summary>Sequences and tokens of the mini-batch where none is asked for; null for those of a search's preset.</summary>
    (int BatchSize, int SequenceLength)? MiniBatch => null;

    /// <summary>
    /// Whether the width of the embedding is a size of the benchmark, one for all its networks; without it each network says its own.
    /// </summary>
    bool HasEmbeddingInSizes => false;

    /// <summary>What its networks are; null where they are neither of these.</summary>
    NetworkFamily? Family => null;

    /// <summary>A network to test a device with; null where the space has none of that size.</summary>
    ProbedNetwork? SampleOf(SampleSize size) => null;

    /// <summary>Whether a text that does not begin with the space's name is what an earlier version of the program wrote of it.</summary>
    bool IsEarlierForm(string text) => false;

    /// <summary>Reads what a genotype's <see cref="Genotype.ToString"/> wrote, and the earlier form where there is one.</summary>
    /// <exception cref="FormatException">The text is not written so; the message is one line.</exception>
    Genotype Parse(string text);
}
