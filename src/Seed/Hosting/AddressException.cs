namespace LPZero.Seed.Hosting;

/// <summary>An address that a node is to listen on cannot be used; the message says which, why and how to mend it.</summary>
public sealed class AddressException(string message, Exception? cause = null) : Exception(message, cause);
