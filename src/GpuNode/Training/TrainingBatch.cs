namespace LPZero.GpuNode.Training;

/// <summary>Sequences and what is to be predicted of them, on the CPU.</summary>
/// <param name="Tokens">[B * T] token ids.</param>
/// <param name="Positions">Indexes in <paramref name="Tokens"/> where a token is predicted; at least one.</param>
/// <param name="Wanted">The token to predict at each of them.</param>
internal sealed record TrainingBatch(long[] Tokens, long[] Positions, long[] Wanted)
{
    /// <summary>Masks tokens at random; what stood there is wanted.</summary>
    /// <param name="source">Where the sequences come from.</param>
    /// <param name="split">Which ones.</param>
    /// <param name="random">What decides sequences and masks.</param>
    /// <param name="batchSize">Number of sequences.</param>
    /// <param name="settings">Length of a sequence, and the share of masked tokens.</param>
    /// <param name="maskToken">What a masked token is replaced by.</param>
    public static TrainingBatch Masked(
        ITokenSource source, TokenSplit split, RandomSequence random, int batchSize, TrainingSettings settings, int maskToken)
    {
        var tokens = new long[batchSize * settings.SequenceLength];
        var positions = new List<long>();
        var masked = new List<long>();
        var sequence = new int[settings.SequenceLength];
        for (var i = 0; i < tokens.Length; i++)
        {
            var position = i % settings.SequenceLength;
            if (position == 0)
            {
                source.Draw(split, random, sequence);
            }

            // The last token of a batch without any is masked, so that a loss is always defined.
            if (random.NextDouble() < settings.MaskedShare || (i == tokens.Length - 1 && positions.Count == 0))
            {
                positions.Add(i);
                masked.Add(sequence[position]);
                tokens[i] = maskToken;
            }
            else
            {
                tokens[i] = sequence[position];
            }
        }

        return new TrainingBatch(tokens, [.. positions], [.. masked]);
    }

    /// <summary>At every token but a sequence's last the next one is wanted.</summary>
    /// <param name="source">Where the sequences come from.</param>
    /// <param name="split">Which ones.</param>
    /// <param name="random">What decides the sequences.</param>
    /// <param name="batchSize">Number of sequences.</param>
    /// <param name="sequenceLength">Tokens in each, at least 2.</param>
    public static TrainingBatch Next(ITokenSource source, TokenSplit split, RandomSequence random, int batchSize, int sequenceLength)
    {
        var tokens = new long[batchSize * sequenceLength];
        var (positions, wanted) = (new List<long>(), new List<long>());
        var sequence = new int[sequenceLength];
        for (var i = 0; i < tokens.Length; i++)
        {
            var position = i % sequenceLength;
            if (position == 0)
            {
                source.Draw(split, random, sequence);
            }

            tokens[i] = sequence[position];
            if (position > 0)
            {
                positions.Add(i - 1);
                wanted.Add(tokens[i]);
            }
        }

        return new TrainingBatch(tokens, [.. positions], [.. wanted]);
    }
}
