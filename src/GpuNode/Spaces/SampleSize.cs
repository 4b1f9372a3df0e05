namespace LPZero.GpuNode.Spaces;

/// <summary>How large the network is that a space gives to test a device with.</summary>
public enum SampleSize
{
    /// <summary>A layer of every kind, probed in milliseconds.</summary>
    Small,

    /// <summary>What keeps a processor core busy for a moment.</summary>
    Medium,

    /// <summary>What keeps a GPU busy for a moment.</summary>
    Large,
}
