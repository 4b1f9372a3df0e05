namespace LPZero.Seed.Benchmarks;

/// <summary>A benchmark, a search space or a token stream that cannot be used. The message is one line and says how to fix it.</summary>
public sealed class BenchmarkException : Exception
{
    /// <summary>An error with its one-line message.</summary>
    public BenchmarkException(string message)
        : base(message)
    {
    }

    /// <summary>Whether what was asked for is to blame, and no file.</summary>
    public bool IsUsage { get; init; }

    /// <summary>An error with its one-line message and what caused it.</summary>
    public BenchmarkException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
