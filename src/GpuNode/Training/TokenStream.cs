namespace LPZero.GpuNode.Training;

/// <summary>Sequences cut at random from a given stream of tokens; its last tenth is held out.</summary>
public sealed class TokenStream : ITokenSource
{
    private const int HeldOutShare = 10;

    private readonly int[] training;
    private readonly int[] validation;

    /// <summary>A stream.</summary>
    /// <param name="tokens">Its token ids, at least 0.</param>
    /// <param name="vocabulary">Token ids are below it.</param>
    public TokenStream(int[] tokens, int vocabulary)
    {
        var heldOut = tokens.Length / HeldOutShare;
        training = tokens[..^heldOut];
        validation = tokens[^heldOut..];
        Vocabulary = vocabulary;
    }

    /// <inheritdoc/>
    public int Vocabulary { get; }

    /// <summary>The longest sequence that both parts have.</summary>
    public int LongestSequence => Math.Min(training.Length, validation.Length);

    /// <inheritdoc/>
    public void Draw(TokenSplit split, RandomSequence random, Span<int> sequence)
    {
        var part = split == TokenSplit.Training ? training : validation;
        var start = random.Next(part.Length - sequence.Length + 1);
        part.AsSpan(start, sequence.Length).CopyTo(sequence);
    }
}
