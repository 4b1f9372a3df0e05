namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// The canonical forms that one branch a, or two branches a and b, can take, in the order in which they are enumerated. Each form
/// at an odd place has minus the score of the one before it, so that both come of a single ranking.
/// </summary>
public enum ProxyForm : byte
{
    /// <summary>a + b</summary>
    Sum,

    /// <summary>-(a + b)</summary>
    NegatedSum,

    /// <summary>a - b</summary>
    Difference,

    /// <summary>b - a</summary>
    ReversedDifference,

    /// <summary>a * b</summary>
    Product,

    /// <summary>-(a * b)</summary>
    NegatedProduct,

    /// <summary>a</summary>
    Alone,

    /// <summary>-a</summary>
    NegatedAlone,
}

/// <summary>A set of <see cref="ProxyForm"/>s.</summary>
/// <param name="Bits">Bit i stands for the form of number i.</param>
public readonly record struct ProxyForms(byte Bits)
{
    private const byte Positive = 0b01010101;

    /// <summary>Number of forms.</summary>
    public int Count => byte.PopCount(Bits);

    /// <summary>How many of them score as the ranking says.</summary>
    public int PositiveCount => byte.PopCount((byte)(Bits & Positive));

    /// <summary>How many of them score minus what the ranking says.</summary>
    public int NegativeCount => byte.PopCount((byte)(Bits & ~Positive));

    /// <summary>Whether the set is empty.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>The set with one more form.</summary>
    public ProxyForms With(ProxyForm form) => new((byte)(Bits | (1 << (int)form)));

    /// <summary>Whether the form is in the set.</summary>
    public bool Contains(ProxyForm form) => (Bits & (1 << (int)form)) != 0;

    /// <summary>Those of the set among a form and its negation.</summary>
    /// <param name="form">The form at the even place.</param>
    public ProxyForms WithSigns(ProxyForm form) => new((byte)(Bits & (0b11 << (int)form)));
}
