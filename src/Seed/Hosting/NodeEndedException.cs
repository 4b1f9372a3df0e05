namespace LPZero.Seed.Hosting;

/// <summary>A node has ended because it could not go on; the message says why. Started again it may.</summary>
public sealed class NodeEndedException(string message) : Exception(message);
