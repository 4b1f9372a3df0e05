namespace LPZero.Seed.Storage;

/// <summary>Something that the program has stored is not as it must be; the message says what and how to mend it.</summary>
public sealed class StorageException : Exception
{
    /// <summary>A problem of ours.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>A problem with a cause.</summary>
    public StorageException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
