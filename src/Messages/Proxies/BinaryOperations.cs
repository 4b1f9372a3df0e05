namespace LPZero.Messages.Proxies;

/// <summary>The binary operations on numbers.</summary>
public static class BinaryOperations
{
    /// <summary>The operation's result; a matmul of two numbers is their product.</summary>
    public static double Apply(BinaryOperation operation, double left, double right) => operation switch
    {
        BinaryOperation.Sum => left + right,
        BinaryOperation.Difference => left - right,
        BinaryOperation.Product or BinaryOperation.Matmul => left * right,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };
}
