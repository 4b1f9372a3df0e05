namespace LPZero.GpuNode.Spaces.Inputs;

/// <summary>Recorded inputs that are not there, not what they were, or not laid out as inputs are. The message is one line.</summary>
public sealed class InputsException : ArgumentException
{
    /// <summary>An error with its one-line message.</summary>
    public InputsException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its one-line message and what caused it.</summary>
    public InputsException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
