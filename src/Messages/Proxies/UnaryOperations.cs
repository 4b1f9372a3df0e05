namespace LPZero.Messages.Proxies;

/// <summary>What is known of the unary operations whatever they are applied to.</summary>
public static class UnaryOperations
{
    /// <summary>Whether the operation makes a number of a tensor.</summary>
    public static bool MakesNumber(UnaryOperation operation) => operation is
        UnaryOperation.FrobeniusNorm or UnaryOperation.NormalizedSum or UnaryOperation.L1Norm or UnaryOperation.Mean or UnaryOperation.Std;

    /// <summary>Whether a chain makes a number of a tensor. What follows on a number is a number again.</summary>
    public static bool MakesNumber(Chain chain) => chain.Operations.Any(MakesNumber);
}
