namespace LPZero.Messages.Proxies;

/// <summary>The four binary operations of LPZero, applied to the two branches' numbers on a layer.</summary>
public enum BinaryOperation
{
    /// <summary>a + b.</summary>
    Sum,

    /// <summary>a - b.</summary>
    Difference,

    /// <summary>a * b.</summary>
    Product,

    /// <summary>a @ b, which on two numbers is their product.</summary>
    Matmul,
}
