using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Networks;

/// <summary>The token ids that every architecture of a run is probed with.</summary>
public static class MiniBatch
{
    /// <summary>
    /// B x T token ids, row-major, from a Zipf distribution of exponent 1 over the vocabulary: id k with a
    /// probability in proportion to 1 / (k + 1), as words of a language ordered by frequency.
    /// </summary>
    /// <exception cref="ArgumentException">The batch is empty, or its sequences are longer than the embedding has positions.</exception>
    public static int[] Tokens(ProbeSettings probe)
    {
        Check(probe);
        var cumulative = new double[probe.Sizes.Vocabulary];
        var sum = 0.0;
        for (var id = 0; id < cumulative.Length; id++)
        {
            cumulative[id] = sum += 1.0 / (id + 1);
        }

        var random = new CounterRandom(probe.BatchSeed, "tokens");
        var tokens = new int[probe.BatchSize * probe.SequenceLength];
        for (var i = 0; i < tokens.Length; i++)
        {
            var found = Array.BinarySearch(cumulative, random.Uniform(i) * sum);
            tokens[i] = Math.Min(found < 0 ? ~found : found + 1, cumulative.Length - 1);
        }

        return tokens;
    }

    /// <summary>The probability of a token id from start on and before end.</summary>
    /// <param name="vocabulary">Number of token ids.</param>
    /// <param name="start">The first of them.</param>
    /// <param name="end">The first behind them.</param>
    public static double ShareOf(int vocabulary, int start, int end)
    {
        return Sum(start, end) / Sum(0, vocabulary);

        static double Sum(int from, int to)
        {
            var sum = 0.0;
            for (var id = from; id < to; id++)
            {
                sum += 1.0 / (id + 1);
            }

            return sum;
        }
    }

    /// <summary>
    /// The seeded ±1 tensor R of the loss sum(output * R), [B, T, hidden]. (The plain sum has an analytically zero
    /// gradient behind a layer normalisation.)
    /// </summary>
    public static Tensor Cotangent(ProbeSettings probe, int hiddenSize)
    {
        var signs = empty([probe.BatchSize, probe.SequenceLength, hiddenSize], dtype: ScalarType.Float32);
        new CounterRandom(probe.BatchSeed, "cotangent").FillSigns(RandomWeights.Floats(signs));
        return signs;
    }

    private static void Check(ProbeSettings probe)
    {
        if (probe.BatchSize < 1 || probe.SequenceLength < 1)
        {
            throw new ArgumentException($"A mini-batch of {probe.BatchSize}x{probe.SequenceLength} holds no tokens.", nameof(probe));
        }

        if (probe.SequenceLength > probe.Sizes.Positions)
        {
            throw new ArgumentException(
                $"A sequence of {probe.SequenceLength} tokens is longer than the {probe.Sizes.Positions} positions of the embedding.",
                nameof(probe));
        }
    }
}
