namespace LPZero.GpuNode.Training;

/// <summary>Sequences with some tokens masked, on the CPU.</summary>
/// <param name="Tokens">[B * T] token ids, the masked ones replaced by the mask's id.</param>
/// <param name="MaskedPositions">Indexes of the masked tokens in <paramref name="Tokens"/>; at least one.</param>
/// <param name="MaskedTokens">What stood there.</param>
internal sealed record MaskedBatch(long[] Tokens, long[] MaskedPositions, long[] MaskedTokens)
{
    /// <summary>Draws sequences and masks tokens.</summary>
    public static MaskedBatch Draw(
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

        return new MaskedBatch(tokens, [.. positions], [.. masked]);
    }
}
