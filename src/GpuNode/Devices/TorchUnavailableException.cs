namespace LPZero.GpuNode.Devices;

/// <summary>libtorch or a device cannot be used; the message says why and how to mend it.</summary>
public sealed class TorchUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
