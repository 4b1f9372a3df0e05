namespace LPZero.GpuNode.Spaces;

/// <summary>What the networks of a space are, from which follows what their gradients are of.</summary>
public enum NetworkFamily
{
    /// <summary>Networks that are built here and whose loss is chosen.</summary>
    Encoder,

    /// <summary>Language models that are built here: their loss is the cross entropy of the next token.</summary>
    Decoder,

    /// <summary>Networks that somebody else built and recorded, with a loss of their own.</summary>
    Recorded,
}
