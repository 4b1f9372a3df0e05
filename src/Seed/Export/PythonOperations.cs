using LPZero.Messages.Proxies;

namespace LPZero.Seed.Export;

/// <summary>
/// The unary operations in PyTorch. Elements stay float32; sums, means and standard deviations are float64, and so is
/// every number that comes after one.
/// </summary>
internal static class PythonOperations
{
    /// <summary>The definition of the operation as a function of its name.</summary>
    /// <exception cref="ArgumentException">The operation has no value.</exception>
    public static string Source(UnaryOperation operation) => $"""
        def {OperationNames.Name(operation)}(x):
            {Body(operation).ReplaceLineEndings("\n    ")}
        """;

    private static string Body(UnaryOperation operation) => operation switch
    {
        UnaryOperation.Log => "return (x + 1e-9).log().masked_fill(x <= 0, 0.0)  # NaN stays NaN",
        UnaryOperation.AbsLog => "return x.abs().log().masked_fill(x == 0, 0.0)  # NaN stays NaN",
        UnaryOperation.Abs => "return x.abs()",
        UnaryOperation.Square => "return x * x",
        UnaryOperation.Exp => "return x.exp()",
        UnaryOperation.Normalize => """
            mean = x.sum(dtype=torch.float64).item() / x.numel()
            deviation = x.double().std().item() if x.numel() > 1 else math.nan
            rounded = torch.tensor(mean, dtype=torch.float32).item()  # subtracted in two parts: float32 holds one
            y = (x - rounded - (mean - rounded)) / deviation
            return y.masked_fill(y.isnan(), 0.0)
            """,
        UnaryOperation.Relu => "return x.relu()",
        UnaryOperation.Invert => "return (x + 1e-9).reciprocal()",
        UnaryOperation.FrobeniusNorm => "return x.double().square().sum().sqrt()",
        UnaryOperation.NormalizedSum or UnaryOperation.Mean => "return x.sum(dtype=torch.float64) / x.numel()",
        UnaryOperation.L1Norm => "return x.abs().sum(dtype=torch.float64) / x.numel()",
        UnaryOperation.Softmax => "return x.softmax(0)",
        UnaryOperation.Sigmoid => "return x.sigmoid()",
        UnaryOperation.LogSoftmax => "return x.log_softmax(0)",
        UnaryOperation.Sqrt => "return x.sqrt().masked_fill(x <= 0, 0.0)  # NaN stays NaN",
        UnaryOperation.Negate => "return -x",
        UnaryOperation.MinMax => "return (x - x.min()) / (x.max() - x.min() + 1e-9)",
        UnaryOperation.Std => """
            if x.numel() < 2:
                return torch.tensor(math.nan, dtype=torch.float64)
            return x.double().std()
            """,
        UnaryOperation.NoOp => "return x",
        _ => throw new ArgumentException($"Operation '{operation}' has no value.", nameof(operation)),
    };
}
