namespace LPZero.Seed.Storage;

/// <summary>
/// No database can be used where the user says that one is, now or later; the message says why and how to mend it, without a password.
/// </summary>
public sealed class DatabaseLocationException(string message, Exception? cause = null) : Exception($"--db: {message}", cause);
