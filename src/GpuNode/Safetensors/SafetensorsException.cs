namespace LPZero.GpuNode.Safetensors;

/// <summary>
/// A safetensors file that cannot be used. The message is one line, begins with the file, and says what is wrong and how to mend it.
/// </summary>
public sealed class SafetensorsException : Exception
{
    /// <summary>An error with its one-line message.</summary>
    public SafetensorsException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its one-line message and what caused it.</summary>
    public SafetensorsException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
