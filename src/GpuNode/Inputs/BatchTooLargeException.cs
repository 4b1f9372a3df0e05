namespace LPZero.GpuNode.Inputs;

/// <summary>A network on a mini-batch needs more memory than the budget allows. Thrown before anything is allocated.</summary>
public sealed class BatchTooLargeException(string message) : InvalidOperationException(message);
