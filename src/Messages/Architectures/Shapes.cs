namespace LPZero.Messages.Architectures;

/// <summary>Which network a genotype stands for, where its space offers a choice.</summary>
public enum Shapes
{
    /// <summary>What the public training code built: plain attention in every layer, widths as in the genotype.</summary>
    AsTrained,

    /// <summary>The operations and widths that the genotype names; linear transforms without projection, residual and LayerNorm.</summary>
    Genotype,

    /// <summary>What the public scoring code builds: hidden 256 and feed-forwards of 1024 whatever the genotype says.</summary>
    Published,
}
