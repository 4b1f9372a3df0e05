using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Networks;

/// <summary>
/// The mini-batch with some tokens hidden, as BERT is trained (Devlin et al. 2019), but always behind the mask.
/// </summary>
/// <param name="Shown">B x T token ids, the hidden ones replaced by the vocabulary's last, which is the mask.</param>
/// <param name="Places">Where tokens are hidden; at least one.</param>
/// <param name="Hidden">What stands there.</param>
internal sealed record MaskedTokens(int[] Shown, long[] Places, long[] Hidden)
{
    private const double Share = 0.15;

    /// <summary>
    /// Tokens that a mini-batch hides at most: 15 % and six standard deviations of the binomial distribution, or all. Of 8 x 128: 223 of
    /// 1,024, where 154 are expected.
    /// </summary>
    public static long MostPlaces(ProbeSettings probe)
    {
        var tokens = (long)probe.BatchSize * probe.SequenceLength;
        return Math.Min(tokens, (long)Math.Ceiling((Share * tokens) + (6 * Math.Sqrt(Share * (1 - Share) * tokens))));
    }

    /// <summary>Tokens that a mini-batch hides on average.</summary>
    public static double ExpectedPlaces(ProbeSettings probe) => Share * probe.BatchSize * probe.SequenceLength;

    /// <summary>The mini-batch of a probe with 15 % of its tokens hidden: which, is drawn with the mini-batch's seed.</summary>
    /// <exception cref="ArgumentException">The mini-batch does not fit the embedding.</exception>
    public static MaskedTokens Of(ProbeSettings probe)
    {
        var tokens = MiniBatch.Tokens(probe);
        var random = new CounterRandom(probe.BatchSeed, "masked");
        var places = Enumerable.Range(0, tokens.Length).Where(i => random.Uniform(i) < Share).DefaultIfEmpty(tokens.Length - 1).ToList();
        var shown = tokens.ToArray();
        places.ForEach(i => shown[i] = probe.Sizes.Vocabulary - 1);
        return new MaskedTokens(shown, [.. places.Select(i => (long)i)], [.. places.Select(i => (long)tokens[i])]);
    }
}
