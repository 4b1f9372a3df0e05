namespace LPZero.GpuNode.Training;

/// <summary>Which sequences are wanted.</summary>
public enum TokenSplit
{
    /// <summary>Those to train on.</summary>
    Training,

    /// <summary>Those that training never sees.</summary>
    Validation,
}

/// <summary>Where the sequences to train on come from. Threads share it.</summary>
public interface ITokenSource
{
    /// <summary>Token ids are below it.</summary>
    int Vocabulary { get; }

    /// <summary>Draws a sequence.</summary>
    /// <param name="split">Which sequences are wanted.</param>
    /// <param name="random">What decides which one.</param>
    /// <param name="sequence">Is filled with token ids.</param>
    void Draw(TokenSplit split, RandomSequence random, Span<int> sequence);
}
