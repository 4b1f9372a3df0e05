using System.Globalization;

namespace LPZero.Messages.Architectures;

/// <summary>The least and the most that a whole number may be, both included.</summary>
/// <param name="Least">The least.</param>
/// <param name="Most">The most.</param>
public readonly record struct Bounds(int Least, int Most)
{
    /// <summary>Whether the number lies within.</summary>
    public bool Contain(int value) => value >= Least && value <= Most;

    /// <summary>That the number lies outside, in one line, or null where it does not.</summary>
    /// <param name="what">What the number is, such as <c>hidden size</c>.</param>
    /// <param name="value">The number.</param>
    public string? FindProblem(string what, int value) =>
        Contain(value) ? null : string.Create(CultureInfo.InvariantCulture, $"{what} {value}: give a number {this}");

    /// <summary>As a message says it, such as <c>from 1 to 1024</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"from {Least} to {Most}");
}

/// <summary>
/// Bounds of the sizes of a network: above what anybody trains, and so small that no count of elements or bytes that follows from
/// them leaves 64 bits.
/// </summary>
public static class NetworkBounds
{
    /// <summary>Of the width of the hidden states.</summary>
    public static readonly Bounds HiddenSize = new(1, 1 << 16);

    /// <summary>Of the number of layers.</summary>
    public static readonly Bounds Layers = new(1, 1000);

    /// <summary>Of a layer's number of heads.</summary>
    public static readonly Bounds Heads = new(1, 1024);

    /// <summary>Of a layer's feed-forward dimension.</summary>
    public static readonly Bounds FeedForwardDimension = new(1, 1 << 18);

    /// <summary>Of a layer's number of feed-forwards.</summary>
    public static readonly Bounds FeedForwards = new(1, 100);

    /// <summary>Of the number of token ids.</summary>
    public static readonly Bounds Vocabulary = new(2, 1_000_000);

    /// <summary>Of the width of the embedding.</summary>
    public static readonly Bounds Embedding = new(1, 1 << 16);

    /// <summary>Of the number of positions.</summary>
    public static readonly Bounds Positions = new(1, 1_000_000);
}
